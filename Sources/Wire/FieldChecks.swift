// What a field of a body must satisfy before it becomes part of a message.

func attempt(_ body: Tutti_Wire_AttemptName) throws(DecodeError) -> AttemptID {
    guard body.hasTask else { throw .body }
    return AttemptID(task: TaskID(job: JobID(body.task.job), index: body.task.index), epoch: body.epoch)
}

func digest(_ bytes: some Sequence<UInt8>) throws(DecodeError) -> Digest {
    guard let digest = Digest(bytes: bytes) else { throw .body }
    return digest
}

func count(_ value: UInt64, max: Int, _ what: String) throws(DecodeError) -> Int {
    guard value <= UInt64(max) else { throw .limit(what) }
    return Int(value)
}

/// A number of iterations or evaluations; sums of them must stay within `Int`.
func counter(_ value: UInt64) throws(DecodeError) -> Int {
    try count(value, max: 1 << 48, "counter")
}

func duration(_ nanoseconds: UInt64) throws(DecodeError) -> UInt64 {
    guard nanoseconds <= Limits.durationMax else { throw .limit("duration") }
    return nanoseconds
}

func name(_ value: String) throws(DecodeError) -> String {
    guard value.utf8.count <= Limits.nameByteCountMax else { throw .limit("name") }
    return value
}

func tag(_ value: String) throws(DecodeError) -> String {
    guard !value.isEmpty else { throw .limit("tag") }
    return try name(value)
}

func text(_ value: String) throws(DecodeError) -> String {
    guard value.utf8.count <= Limits.textByteCountMax else { throw .limit("text") }
    return value
}

func list<Body, Value>(
    _ bodies: [Body], max: Int, _ what: String, _ convert: (Body) throws(DecodeError) -> Value
) throws(DecodeError) -> [Value] {
    guard bodies.count <= max else { throw .limit(what) }
    var values: [Value] = []
    values.reserveCapacity(bodies.count)
    for body in bodies { values.append(try convert(body)) }
    return values
}

extension Tutti_Wire_AttemptName {
    init(_ attempt: AttemptID) {
        self.init()
        task = .with {
            $0.job = attempt.task.job.number
            $0.index = attempt.task.index
        }
        epoch = attempt.epoch
    }
}
