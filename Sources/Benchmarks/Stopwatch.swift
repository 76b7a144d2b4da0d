import Glibc

/// Seconds of processor time that this thread has used.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Two pieces of work measured in turns on one core: the median of the ratios of neighbouring turns, and the median
/// seconds of each.
struct SideBySide {
    let ratio: Double
    let first: Double
    let second: Double

    init(repetitions: Int = 101, calls: Int, _ one: () -> Void, _ two: () -> Void) {
        var ratios: [Double] = []
        var firsts: [Double] = []
        var seconds: [Double] = []
        for _ in 0..<repetitions {
            let start = threadSeconds()
            for _ in 0..<calls { one() }
            let middle = threadSeconds()
            for _ in 0..<calls { two() }
            let end = threadSeconds()
            firsts.append((middle - start) / Double(calls))
            seconds.append((end - middle) / Double(calls))
            ratios.append((middle - start) / (end - middle))
        }
        ratio = median(ratios)
        first = median(firsts)
        second = median(seconds)
    }
}

func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}
