#!/bin/sh
# Starts the program that suits this processor: the wide one where all of x86-64-v3 is there, else the plain one. Both
# compute the same bits. TUTTI_PLAIN=1 asks for the plain one. It becomes the program itself, so that process number,
# signals and exit code are the program's own.
programs=@PROGRAMS@

# Nothing is started to find out, since every call of tutti passes here; the kernel names only what it lets programs use.
wide() {
    [ "${TUTTI_PLAIN:-}" != 1 ] && [ -x "$programs/tutti-v3" ] || return 1
    while IFS=: read -r key value; do
        case $key in flags*) ;; *) continue ;; esac
        for feature in cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave; do
            case " $value " in *" $feature "*) ;; *) return 1 ;; esac
        done
        return 0
    done
    return 1
}

if [ -r /proc/cpuinfo ] && wide </proc/cpuinfo; then exec "$programs/tutti-v3" "$@"; fi
exec "$programs/tutti" "$@"
