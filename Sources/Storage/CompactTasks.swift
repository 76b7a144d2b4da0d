import Coordination
import Wire

/// The tasks of a job, each as what sets it apart from the one before it: thousands of them differ in a digest and a
/// number.
enum CompactTasks {
    /// What a task has in common with the one before it.
    private struct Common: OptionSet {
        let rawValue: UInt8
        static let inputs = Common(rawValue: 1)
        static let iterations = Common(rawValue: 2)
        /// The payloads are of one length, and those bytes that differ are written.
        static let payloadLength = Common(rawValue: 4)
        static let all: Common = [.inputs, .iterations, .payloadLength]
    }

    private static let none = TaskSpecification(
        digest: Digest(bytes: [UInt8](repeating: 0, count: Digest.byteCount))!, payload: [], inputs: [], label: "",
        iterations: 0)

    /// False for a task that has something which is not written here.
    static func carries(_ task: TaskSpecification) -> Bool {
        task
            == TaskSpecification(
                digest: task.digest, payload: task.payload, inputs: task.inputs, label: task.label,
                iterations: task.iterations)
    }

    static func write(_ tasks: [TaskSpecification], to writer: inout CompactWriter) {
        var last = none
        writer.list(tasks) { writer, task in
            write(task, after: last, to: &writer)
            last = task
        }
    }

    static func read(_ reader: inout CompactReader) throws(CompactReader.Unreadable) -> [TaskSpecification] {
        var last = none
        return try reader.list { reader throws(CompactReader.Unreadable) in
            last = try read(&reader, after: last)
            return last
        }
    }

    private static func write(
        _ task: TaskSpecification, after last: TaskSpecification, to writer: inout CompactWriter
    ) {
        let differences = task.payload.indices.filter { index in
            index >= last.payload.count || task.payload[index] != last.payload[index]
        }
        var common: Common = []
        if task.inputs == last.inputs { common.insert(.inputs) }
        if task.iterations == last.iterations { common.insert(.iterations) }
        if task.payload.count == last.payload.count, 2 * differences.count < task.payload.count {
            common.insert(.payloadLength)
        }
        writer.byte(common.rawValue)
        writer.digest(task.digest)
        if common.contains(.payloadLength) {
            var next = 0
            writer.list(differences) { writer, index in
                writer.unsigned(UInt64(index - next))
                writer.byte(task.payload[index])
                next = index + 1
            }
        } else {
            writer.block(task.payload)
        }
        if !common.contains(.inputs) { writer.list(task.inputs) { $0.digest($1) } }
        if !common.contains(.iterations) { writer.signed(task.iterations) }
        let shared = zip(task.label.utf8, last.label.utf8).prefix { $0 == $1 }.count
        writer.unsigned(UInt64(shared))
        writer.block(task.label.utf8.dropFirst(shared))
    }

    private static func read(
        _ reader: inout CompactReader, after last: TaskSpecification
    ) throws(CompactReader.Unreadable) -> TaskSpecification {
        let common = Common(rawValue: try reader.byte())
        guard common.isSubset(of: .all) else { throw CompactReader.Unreadable() }
        // Inputs that are the same share their memory.
        var task = last
        task.digest = try reader.digest()
        if common.contains(.payloadLength) {
            var next: UInt64 = 0
            let changes = try reader.list { reader throws(CompactReader.Unreadable) in
                (try reader.unsigned(), try reader.byte())
            }
            for (gap, byte) in changes {
                let (index, isBeyond) = next.addingReportingOverflow(gap)
                guard !isBeyond, index < UInt64(task.payload.count) else { throw CompactReader.Unreadable() }
                task.payload[Int(index)] = byte
                next = index + 1
            }
        } else {
            task.payload = try reader.block()
        }
        if !common.contains(.inputs) {
            task.inputs = try reader.list { reader throws(CompactReader.Unreadable) in try reader.digest() }
        }
        if !common.contains(.iterations) { task.iterations = try reader.signed() }
        let shared = try reader.unsigned()
        let label = last.label.utf8
        guard shared <= UInt64(label.count) else { throw CompactReader.Unreadable() }
        let bytes = Array(label.prefix(Int(shared))) + (try reader.block())
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CompactReader.Unreadable() }
        task.label = text
        return task
    }
}
