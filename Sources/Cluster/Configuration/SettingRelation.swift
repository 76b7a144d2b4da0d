import ModelFile
import Wire

/// What settings must be together, checked at the start.
package struct SettingRelation: Sendable {
    package let program: Program
    /// As the page of settings has it.
    package let sentence: String
    private let check: @Sendable (EffectiveSettings) -> (key: String, message: String, mend: String)?

    /// Nil where the relation holds.
    func problem(in settings: EffectiveSettings) -> Problem? {
        guard let (key, message, mend) = check(settings) else { return nil }
        let value = settings.value(key)
        let text = value.text.map { " \($0)" } ?? ""
        switch value.source {
        case .file(let name, let line): return Problem(file: name, line: line, message: message, mend: mend)
        case .standard:
            return Problem(
                file: Settings.setting(key, of: settings.program).option + text, message: message, mend: mend)
        default: return Problem(file: "\(value.source)\(text)", message: message, mend: mend)
        }
    }

    package static let all: [SettingRelation] = [
        SettingRelation(program: .coordinator, sentence: "`bind` begins with tcp:// or ipc://.") { settings in
            LinkAddress.isEndpoint(settings.known("bind"))
                ? nil
                : ("bind", "an address of workers begins with tcp:// or ipc://.", "write tcp://HOST:PORT.")
        },
        SettingRelation(
            program: .coordinator,
            sentence: "`bind` is on loopback or ipc, or there are `keys`, or `allow_plaintext_off_loopback` is said."
        ) { settings in
            let isProtected = settings.text("keys") != nil || LinkAddress.isLocal(settings.known("bind"))
            guard !isProtected, !settings.isOn("allow_plaintext_off_loopback") else { return nil }
            return (
                "bind", "without keys, whoever reaches this address could read the data and forge results.",
                """
                `tutti keys new coordinator --folder FOLDER`, then give --keys FOLDER; or bind a loopback or ipc \
                address; or say --allow-plaintext-off-loopback on a network that something else protects.
                """
            )
        },
        SettingRelation(program: .coordinator, sentence: "`http` is HOST:PORT, an address of IPv6 in brackets.") {
            settings in
            HTTPAddress(settings.known("http")) == nil
                ? ("http", "--http must be HOST:PORT.", "write 127.0.0.1:8080, or another port.") : nil
        },
        SettingRelation(
            program: .coordinator,
            sentence: "`http` is on loopback, or there are `tokens`, or `allow_plaintext_off_loopback` is said."
        ) { settings in
            let isProtected = settings.text("tokens") != nil || HTTPAddress(settings.known("http"))?.isLocal ?? true
            guard !isProtected, !settings.isOn("allow_plaintext_off_loopback") else { return nil }
            return (
                "http", "without tokens, whoever reaches this address could read all results and submit work.",
                """
                `tutti tokens new NAME --role operator --folder FOLDER`, then give --tokens FOLDER; or answer on \
                loopback; or say --allow-plaintext-off-loopback on a network that something else protects.
                """
            )
        },
        SettingRelation(
            program: .coordinator,
            sentence: "`checkpoint_interval` is shorter than `lease`: else work is lost with every lease that is."
        ) { settings in
            let lease = settings.knownNumber("lease")
            guard settings.knownNumber("checkpoint_interval") >= lease else { return nil }
            return (
                "checkpoint_interval", "a checkpoint interval must be shorter than the lease, \(lease) s.",
                "make it a fraction of the lease, or the lease longer."
            )
        },
        SettingRelation(program: .worker, sentence: "`connect` begins with tcp:// or ipc://.") { settings in
            LinkAddress.isEndpoint(settings.known("connect"))
                ? nil
                : ("connect", "a coordinator's address begins with tcp:// or ipc://.", "write tcp://HOST:PORT.")
        },
        SettingRelation(
            program: .worker,
            sentence: """
                There are \(Limits.tagsMax) `tags` at most, each of 1 to \(Limits.nameByteCountMax) bytes without spaces.
                """
        ) { settings in
            WorkerTags.problem(in: settings.words("tags")).map { ("tags", $0.message, $0.mend) }
        },
        SettingRelation(program: .worker, sentence: "`key` and `coordinator_key` go together.") { settings in
            let (key, coordinatorKey) = (settings.text("key"), settings.text("coordinator_key"))
            guard (key == nil) != (coordinatorKey == nil) else { return nil }
            return (
                key == nil ? "coordinator_key" : "key",
                "--key and --coordinator-key go together: each side proves who it is.", "give both, or neither."
            )
        },
        SettingRelation(
            program: .worker,
            sentence: "`connect` is on loopback or ipc, or there are keys, or `allow_plaintext_off_loopback` is said."
        ) { settings in
            let isProtected = settings.text("key") != nil || LinkAddress.isLocal(settings.known("connect"))
            guard !isProtected, !settings.isOn("allow_plaintext_off_loopback") else { return nil }
            return (
                "connect", "without keys, whoever is between could read the data and forge results.",
                """
                `tutti keys new NAME --folder FOLDER`, have NAME.public allowed by the coordinator, then give --key \
                FOLDER/NAME.secret --coordinator-key coordinator.public; or say --allow-plaintext-off-loopback on a \
                network that something else protects.
                """
            )
        },
    ]
}
