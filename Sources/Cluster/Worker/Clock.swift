import Glibc

/// The machine's clocks, in seconds.
enum Clock {
    /// Monotonic, suspended time included.
    static func now() -> Double { seconds(CLOCK_BOOTTIME) }

    /// Processor time of this process.
    static func cpu() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    /// Processor time of this thread.
    static func threadCPU() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    /// Processor time of the processes that this one has started and that have ended.
    static func reaped() -> Double {
        var usage = rusage()
        guard getrusage(RUSAGE_CHILDREN.rawValue, &usage) == 0 else { return 0 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
