complete -c loading -l points -d 'How many points to simulate, 1 to 1e12, as `1e9` or `1_000_000` [default: 1000]' -r
complete -c loading -l seed -d 'Where the random numbers start: same seed, same data' -r
complete -c loading -l source -d 'Read CSV, JSON or Parquet instead of simulating: a file, a folder, a pattern, `-` (standard input) or an http(s) address' -r
complete -c loading -s o -l output -d 'Where the picture goes, `.png` or `.svg` [default: `matrix_analysis.png`]' -r -F
complete -c loading -l export -d 'Write the data as Parquet too: one file, or numbered parts into a folder (`DIR/`)' -r -F
complete -c loading -l threads -d 'How many threads work; the results are the same for any number [default: all cores]' -r
complete -c loading -l timeout -d 'How long a download may take, with all redirects and retries' -r
complete -c loading -l max-bytes -d 'The most bytes to take from a source, after decompression' -r
complete -c loading -l color -d 'Controls when to use color' -r -f -a "auto\t''
always\t''
never\t''"
complete -c loading -l no-plot -d 'Draw no picture'
complete -c loading -l or-simulate -d 'Go on with simulated data, and say so, if the source cannot be read'
complete -c loading -l check -d 'Check the programs and nothing else; exit 1 unless every one is OK'
complete -c loading -l json -d 'Print one JSON object instead of the report'
complete -c loading -s q -l quiet -d 'Print nothing on stdout; the exit code is the answer'
complete -c loading -s h -l help -d 'Print help'
complete -c loading -s V -l version -d 'Print version'
