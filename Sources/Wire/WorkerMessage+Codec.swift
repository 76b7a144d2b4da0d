extension WorkerMessage: WireMessage {
    package var typeNumber: UInt16 {
        switch self {
        case .hello: 1
        case .heartbeat: 2
        case .capacity: 3
        case .checkpoint: 4
        case .result: 5
        case .failed: 6
        case .draining: 7
        case .goodbye: 8
        case .fetch: 129
        case .part: 131
        }
    }

    package func body() -> [UInt8] {
        switch self {
        case .hello(let instance, let host, let slots, let binary, let kernels, let resources, let attempts):
            return serialize(
                Tutti_Wire_Hello.with {
                    $0.instance = .init(instance)
                    $0.host = host
                    $0.slots = UInt32(slots)
                    $0.binary = .init(binary.bytes)
                    $0.kernels = .init(kernels.bytes)
                    $0.attempts = attempts.map(Tutti_Wire_AttemptName.init)
                    $0.slotMemory = UInt64(resources.slotMemory ?? 0)
                    // None left is not the same as no end.
                    $0.walltime = resources.walltime.map { max(1, min($0, Limits.durationMax)) } ?? 0
                    $0.tags = resources.tags
                })
        case .heartbeat(let number, let attempts):
            return serialize(
                Tutti_Wire_Heartbeat.with {
                    $0.number = number
                    $0.attempts = attempts.map(Tutti_Wire_AttemptProgress.init)
                })
        case .capacity(let grants):
            return serialize(Tutti_Wire_Capacity.with { $0.grants = UInt32(grants) })
        case .checkpoint(let attempt, let iteration, let state, let block, let before, let after):
            return serialize(
                Tutti_Wire_Checkpoint.with {
                    $0.attempt = .init(attempt)
                    $0.iteration = UInt64(iteration)
                    $0.state = .init(state.bytes)
                    $0.block = .init(block?.bytes ?? [])
                    $0.chainBefore = .init(before.bytes)
                    $0.chainAfter = .init(after.bytes)
                })
        case .result(let attempt, let digest, let cost):
            return serialize(
                Tutti_Wire_Result.with {
                    $0.attempt = .init(attempt)
                    $0.digest = .init(digest.bytes)
                    $0.gradientEvaluations = UInt64(cost.gradientEvaluations)
                    $0.divergences = UInt64(cost.divergences)
                    $0.cpuNanoseconds = cost.cpuNanoseconds
                    $0.wallNanoseconds = cost.wallNanoseconds
                })
        case .failed(let attempt, let failure, let text, let iteration):
            return serialize(
                Tutti_Wire_Failed.with {
                    $0.attempt = .init(attempt)
                    $0.failure = failure.rawValue
                    $0.text = text
                    $0.iteration = UInt64(iteration)
                })
        case .draining(let reason), .goodbye(let reason):
            return serialize(Tutti_Wire_Leaving.with { $0.reason = reason })
        case .fetch(let digest, let offset, let length):
            return serialize(
                Tutti_Wire_Fetch.with {
                    $0.digest = .init(digest.bytes)
                    $0.offset = UInt64(offset)
                    $0.length = UInt32(length)
                })
        case .part(let attempt, let digest, let offset, let total):
            return serialize(
                Tutti_Wire_Part.with {
                    $0.attempt = .init(attempt)
                    $0.digest = .init(digest.bytes)
                    $0.offset = UInt64(offset)
                    $0.total = UInt64(total)
                })
        }
    }

    package init(type: UInt16, body: [UInt8]) throws(DecodeError) {
        switch type {
        case 1:
            let body: Tutti_Wire_Hello = try parse(body)
            guard body.instance.count == 16 else { throw .body }
            self = .hello(
                instance: Array(body.instance), host: try name(body.host),
                slots: try count(UInt64(body.slots), max: Limits.slotsMax, "slots"), binary: try digest(body.binary),
                kernels: try digest(body.kernels),
                resources: WorkerResources(
                    slotMemory: body.slotMemory == 0
                        ? nil : try count(body.slotMemory, max: Limits.slotMemoryMax, "memory"),
                    walltime: body.walltime == 0 ? nil : try duration(body.walltime),
                    tags: try list(body.tags, max: Limits.tagsMax, "tags", tag)),
                attempts: try list(body.attempts, max: Limits.attemptsMax, "attempts", attempt))
        case 2:
            let body: Tutti_Wire_Heartbeat = try parse(body)
            self = .heartbeat(
                number: body.number, attempts: try list(body.attempts, max: Limits.attemptsMax, "attempts", progress))
        case 3:
            let body: Tutti_Wire_Capacity = try parse(body)
            self = .capacity(grants: try count(UInt64(body.grants), max: Limits.slotsMax, "grants"))
        case 4:
            let body: Tutti_Wire_Checkpoint = try parse(body)
            self = .checkpoint(
                attempt: try attempt(body.attempt), iteration: try counter(body.iteration),
                state: try digest(body.state), block: body.block.isEmpty ? nil : try digest(body.block),
                chainBefore: try digest(body.chainBefore), chainAfter: try digest(body.chainAfter))
        case 5:
            let body: Tutti_Wire_Result = try parse(body)
            self = .result(
                attempt: try attempt(body.attempt), digest: try digest(body.digest),
                cost: AttemptCost(
                    gradientEvaluations: try counter(body.gradientEvaluations),
                    divergences: try counter(body.divergences), cpuNanoseconds: body.cpuNanoseconds,
                    wallNanoseconds: body.wallNanoseconds))
        case 6:
            let body: Tutti_Wire_Failed = try parse(body)
            guard let failure = Failure(rawValue: body.failure) else { throw .body }
            self = .failed(
                attempt: try attempt(body.attempt), failure: failure, text: try text(body.text),
                iteration: try counter(body.iteration))
        case 7, 8:
            let body: Tutti_Wire_Leaving = try parse(body)
            let reason = try text(body.reason)
            self = type == 7 ? .draining(reason: reason) : .goodbye(reason: reason)
        case 129:
            let body: Tutti_Wire_Fetch = try parse(body)
            self = .fetch(
                digest: try digest(body.digest),
                offset: try count(body.offset, max: Limits.blobByteCountMax, "offset"),
                length: try count(UInt64(body.length), max: Limits.chunkByteCountMax, "length"))
        case 131:
            let body: Tutti_Wire_Part = try parse(body)
            self = .part(
                attempt: try attempt(body.attempt), digest: try digest(body.digest),
                offset: try count(body.offset, max: Limits.blobByteCountMax, "offset"),
                total: try count(body.total, max: Limits.blobByteCountMax, "blob"))
        default:
            throw .unknownType(type)
        }
    }
}

private func progress(_ body: Tutti_Wire_AttemptProgress) throws(DecodeError) -> AttemptProgress {
    AttemptProgress(
        attempt: try attempt(body.attempt), iteration: try counter(body.iteration), isWarmingUp: body.warmingUp,
        divergences: try counter(body.divergences), stepSize: body.stepSize,
        gradientEvaluations: try counter(body.gradientEvaluations))
}

extension Tutti_Wire_AttemptProgress {
    fileprivate init(_ progress: AttemptProgress) {
        self.init()
        attempt = .init(progress.attempt)
        iteration = UInt64(progress.iteration)
        warmingUp = progress.isWarmingUp
        divergences = UInt64(progress.divergences)
        stepSize = progress.stepSize
        gradientEvaluations = UInt64(progress.gradientEvaluations)
    }
}
