use_op
put op://v/i/good 'a "quoted" value'
expect 4 opx read --json op://v/i/good op://v/i/bad
stdout_has '"op://v/i/good"'
stdout_has '"value": ?"a \\"quoted\\" value"|"value": ?"a \\u0022quoted\\u0022 value"'
stdout_has '"code": ?"not_found"'
stdout_lacks 'ERROR'
