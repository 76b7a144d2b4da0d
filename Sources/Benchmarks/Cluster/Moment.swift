import Glibc

/// The machine's clock, the same in every process.
enum Moment {
    /// Seconds, monotonic.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
