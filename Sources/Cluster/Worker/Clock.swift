import Glibc

/// The machine's clocks, in seconds.
enum Clock {
    /// Monotonic, suspended time included.
    static func now() -> Double { seconds(CLOCK_BOOTTIME) }

    /// Processor time of this process.
    static func cpu() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
