/// Tells ends of slots for want of memory from other kills, by the kernel's own count.
package struct KernelKills {
    private var counted: Int?
    /// Kills that have been counted and that no slot is known to have met.
    private var unexplained = 0

    /// - Parameter counted: up to now; nil where the kernel does not count.
    package init(counted: Int?) {
        self.counted = counted
    }

    /// True when the kernel may have killed the process that has just ended, having counted so many in all.
    package mutating func explainsKill(counted now: Int?) -> Bool {
        if let counted, let now { unexplained += max(0, now - counted) }
        counted = now
        guard unexplained > 0 else { return false }
        unexplained -= 1
        return true
    }
}
