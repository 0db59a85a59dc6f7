complete -c construct -l python -d 'Ask about this Python: a name on PATH, a file, or an environment\'s folder' -r
complete -c construct -l color -d 'Controls when to use color' -r -f -a "auto\t''
always\t''
never\t''"
complete -c construct -l verify -d 'Run that Python, without the environment\'s own code, and compare its answers with ours'
complete -c construct -l check -d 'Exit with 0 inside an environment that can start, with 1 otherwise'
complete -c construct -l json -d 'Print one JSON object instead of the report'
complete -c construct -s q -l quiet -d 'Print nothing on stdout; the exit code is the answer'
complete -c construct -s h -l help -d 'Print help'
complete -c construct -s V -l version -d 'Print version'
