complete -c oracle -l timeout -d 'How long all connections together may take' -r
complete -c oracle -l explain -d 'Show every place that can set this variable, and which one wins' -r
complete -c oracle -l color -d 'Controls when to use color' -r -f -a "auto\t''
always\t''
never\t''"
complete -c oracle -l check -d 'Exit with 1 on any warning or failure (78 when production refuses)'
complete -c oracle -l probe -d 'Also contact a database and an endpoint on another machine'
complete -c oracle -l history -d 'Search every object of the repository for secrets, not only today\'s files'
complete -c oracle -l json -d 'Print one JSON object instead of the report'
complete -c oracle -s q -l quiet -d 'Print nothing on stdout; the exit code is the answer'
complete -c oracle -s h -l help -d 'Print help'
complete -c oracle -s V -l version -d 'Print version'
