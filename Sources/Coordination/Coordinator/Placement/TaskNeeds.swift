/// What a worker must have to be given a task.
package struct TaskNeeds: Sendable, Hashable, Codable {
    /// Bytes of memory that one slot must have; 0 where any will do.
    package var memory: UInt64
    /// Tags that the worker must have, in order.
    package var tags: [String]

    package init(memory: UInt64 = 0, tags: [String] = []) {
        self.memory = memory
        self.tags = tags.sorted()
    }
}
