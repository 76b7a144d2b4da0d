extension CoordinatorMessage: WireMessage {
    package var typeNumber: UInt16 {
        switch self {
        case .welcome: 65
        case .reject: 66
        case .assign: 67
        case .lease: 68
        case .acknowledged: 69
        case .yield: 70
        case .forget: 71
        case .drain: 72
        case .who: 73
        case .chunk: 130
        case .have: 132
        case .missing: 133
        }
    }

    package func body() -> [UInt8] {
        switch self {
        case .welcome(let session, let ledger, let epoch, let heartbeat, let lease, let checkpoint, let build):
            return serialize(
                Tutti_Wire_Welcome.with {
                    $0.session = session
                    $0.coordinatorEpoch = epoch
                    $0.heartbeatInterval = heartbeat
                    $0.leaseDuration = lease
                    $0.checkpointInterval = checkpoint
                    $0.build = build
                    $0.ledger = ledger
                })
        case .reject(let reason, let retryAfter):
            return serialize(
                Tutti_Wire_Reject.with {
                    $0.reason = reason
                    $0.retryAfter = retryAfter
                })
        case .assign(let grants):
            return serialize(Tutti_Wire_Assign.with { $0.grants = grants.map(Tutti_Wire_Grant.init) })
        case .lease(let heartbeat, let attempts):
            return serialize(
                Tutti_Wire_Lease.with {
                    $0.heartbeat = heartbeat
                    $0.attempts = attempts.map(Tutti_Wire_AttemptName.init)
                })
        case .acknowledged(let outcomes):
            return serialize(
                Tutti_Wire_Acknowledged.with {
                    $0.outcomes = outcomes.map { outcome in
                        .with {
                            $0.sequence = outcome.sequence
                            $0.verdict = outcome.verdict.rawValue
                        }
                    }
                })
        case .yield(let attempt), .forget(let attempt):
            return serialize(Tutti_Wire_Revoke.with { $0.attempt = .init(attempt) })
        case .drain, .who:
            return serialize(Tutti_Wire_Empty())
        case .chunk(let digest, let offset, let total):
            return serialize(
                Tutti_Wire_Chunk.with {
                    $0.digest = .init(digest.bytes)
                    $0.offset = UInt64(offset)
                    $0.total = UInt64(total)
                })
        case .missing(let digest):
            return serialize(Tutti_Wire_Missing.with { $0.digest = .init(digest.bytes) })
        case .have(let digest, let offset):
            return serialize(
                Tutti_Wire_Have.with {
                    $0.digest = .init(digest.bytes)
                    $0.offset = UInt64(offset)
                })
        }
    }

    package init(type: UInt16, body: [UInt8]) throws(DecodeError) {
        switch type {
        case 65:
            let body: Tutti_Wire_Welcome = try parse(body)
            self = .welcome(
                session: body.session, ledger: body.ledger, coordinatorEpoch: body.coordinatorEpoch,
                heartbeatInterval: try duration(body.heartbeatInterval),
                leaseDuration: try duration(body.leaseDuration),
                checkpointInterval: try duration(body.checkpointInterval), build: try name(body.build))
        case 66:
            let body: Tutti_Wire_Reject = try parse(body)
            self = .reject(reason: try text(body.reason), retryAfter: try duration(body.retryAfter))
        case 67:
            let body: Tutti_Wire_Assign = try parse(body)
            self = .assign(try list(body.grants, max: Limits.grantsMax, "grants", grant))
        case 68:
            let body: Tutti_Wire_Lease = try parse(body)
            self = .lease(
                heartbeat: body.heartbeat,
                attempts: try list(body.attempts, max: Limits.attemptsMax, "attempts", attempt))
        case 69:
            let body: Tutti_Wire_Acknowledged = try parse(body)
            self = .acknowledged(try list(body.outcomes, max: Limits.outcomesMax, "outcomes", outcome))
        case 70, 71:
            let body: Tutti_Wire_Revoke = try parse(body)
            let attempt = try attempt(body.attempt)
            self = type == 70 ? .yield(attempt) : .forget(attempt)
        case 72, 73:
            let _: Tutti_Wire_Empty = try parse(body)
            self = type == 72 ? .drain : .who
        case 130:
            let body: Tutti_Wire_Chunk = try parse(body)
            self = .chunk(
                digest: try digest(body.digest), offset: try count(body.offset, max: Limits.blobByteCountMax, "offset"),
                total: try count(body.total, max: Limits.blobByteCountMax, "blob"))
        case 132:
            let body: Tutti_Wire_Have = try parse(body)
            self = .have(
                digest: try digest(body.digest), offset: try count(body.offset, max: Limits.blobByteCountMax, "offset"))
        case 133:
            let body: Tutti_Wire_Missing = try parse(body)
            self = .missing(digest: try digest(body.digest))
        default:
            throw .unknownType(type)
        }
    }
}

private func outcome(_ body: Tutti_Wire_Outcome) throws(DecodeError) -> Outcome {
    guard let verdict = Verdict(rawValue: body.verdict) else { throw .body }
    return Outcome(sequence: body.sequence, verdict: verdict)
}

private func grant(_ body: Tutti_Wire_Grant) throws(DecodeError) -> Grant {
    guard body.payload.count <= Limits.payloadByteCountMax else { throw .limit("payload") }
    var start: StartingPoint?
    if body.hasStart {
        start = StartingPoint(
            state: try digest(body.start.state), iteration: try counter(body.start.iteration),
            chain: try digest(body.start.chain))
    }
    return Grant(
        attempt: try attempt(body.attempt), digest: try digest(body.digest), payload: Array(body.payload),
        inputs: try list(body.inputs, max: Limits.inputsMax, "inputs", digest), start: start)
}

extension Tutti_Wire_Grant {
    fileprivate init(_ grant: Grant) {
        self.init()
        attempt = .init(grant.attempt)
        digest = .init(grant.digest.bytes)
        payload = .init(grant.payload)
        inputs = grant.inputs.map { .init($0.bytes) }
        if let start = grant.start {
            self.start = .with {
                $0.state = .init(start.state.bytes)
                $0.iteration = UInt64(start.iteration)
                $0.chain = .init(start.chain.bytes)
            }
        }
    }
}
