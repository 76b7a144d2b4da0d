/// Every setting of coordinator and worker, once, in the order of their page.
package enum Settings {
    package static func all(of program: Program) -> [Setting] {
        switch program {
        case .coordinator: coordinator
        case .worker: worker
        }
    }

    /// A setting that the program has.
    package static func setting(_ key: String, of program: Program) -> Setting {
        guard let setting = all(of: program).first(where: { $0.key == key }) else {
            preconditionFailure("the \(program.rawValue) has no setting '\(key)'")
        }
        return setting
    }

    private static let coordinator = [
        Setting(
            "state", .text("a folder"), .required, "The folder of everything durable, on a local disk.",
            reason: "Nothing else has to be kept: a coordinator that is started with it again goes on."),
        Setting(
            "bind", .text("tcp://HOST:PORT or ipc://PATH"), .value("tcp://127.0.0.1:5570"),
            "Where workers connect, tcp://HOST:PORT.",
            reason: "Loopback, so that nobody else's machine is let in by an oversight."),
        Setting(
            "keys", .text("a folder"), .none("none: no encryption, local addresses only"),
            "The folder of keys: this coordinator's own and those that it allows.",
            reason: "Who may work is said by files that people can list, copy and take back."),
        Setting(
            "http", .text("HOST:PORT"), .value("127.0.0.1:8080"), "Where the HTTP API answers, HOST:PORT.",
            reason: "Loopback, as for `bind`."),
        Setting(
            "tokens", .text("a folder"), .none("none: whoever reaches the HTTP API may do everything"),
            "The folder of tokens, one of which the HTTP API is to be shown.",
            reason: "Who may ask is said by files, as for `keys`; they hold digests, never tokens."),
        Setting(
            "allow_plaintext_off_loopback", .flag, .value("false"),
            """
            Use an address off loopback without protection: for workers without keys, for HTTP without tokens or, with \
            them, without TLS. Whoever reaches it can read the data and forge results: for networks that something else \
            protects.
            """,
            reason: plaintextReason),
        Setting(
            "nights", .text("a folder"), .none("none: the pages have no nights"),
            "The `folder` of a plan of `tutti recalibrate` on this host, whose verdicts the pages show to operators.",
            reason: "The coordinator only reads it; nights may run elsewhere, or not at all."),
        Setting(
            "keep_days", .number(0...100_000), unit: "d", .none("for ever"),
            "Days for which results and blobs of finished jobs are kept.",
            reason: "Nothing that somebody may still want goes before someone has said so."),
        Setting(
            "keep_bytes", .memory(from: MemorySize(byteCount: 0)), .none("no bound"),
            "Bytes of results and blobs of finished jobs; beyond them the oldest go.",
            reason: "As for `keep_days`; a disk that is full holds up everybody."),
        Setting(
            "projects", .table, .none("every project has a weight of 1 and no bounds"),
            "What projects may have beside one another; those that are not named have a weight of 1 and no bounds.",
            reason: "Whoever pays for the hosts says how they are shared; names are those that tokens carry.",
            fields: [
                Setting(
                    "weight", .number(0.001...1_000_000), .value("1"),
                    "Share of slot time beside other projects that want some: twice the weight, twice the time.",
                    reason: "Equal, as long as nobody says otherwise."),
                Setting(
                    "slots_max", .whole(0...1_000_000), .none("no bound"), "Slots that it holds at once at most.",
                    reason: "Slots that stand idle would serve nobody."),
                Setting(
                    "tasks_max", .whole(0...1_000_000_000), .none("no bound"),
                    "Tasks that it has unfinished at most: a submission beyond is refused.",
                    reason: "The queue is on disk and may be long."),
                Setting(
                    "bytes_max", .memory(from: MemorySize(byteCount: 0)), .none("no bound"),
                    "Bytes of models, draws and results of its jobs at most, over or not: a submission beyond is refused.",
                    reason: "What runs already is stored whatever it takes: no draw is lost for a bound."),
            ]),
        Setting(
            "lease", .number(0.5...3600), unit: "s", .value("15"),
            "Seconds of silence after which a worker has lost its tasks.",
            reason: "Several missed heartbeats (one in 2/15 of it), and short against a chain of minutes."),
        Setting(
            "checkpoint_interval", .number(0.01...3600), unit: "s", .value("2"),
            "Seconds between two checkpoints of a running task: the most work that a kill can cost.",
            reason: "A checkpoint costs a few milliseconds; two seconds of a chain are soon computed again."),
        Setting(
            "log_json", .flag, .value("false"),
            "Write the log as JSON, an object a line, with job, task and worker as fields.",
            reason: "Lines are for people; a collector of logs wants fields."),
        traces("jobs, attempts of tasks, assemblies and requests"),
    ]

    private static let worker = [
        Setting(
            "connect", .text("tcp://HOST:PORT or ipc://PATH"), .required,
            "The coordinator's address, tcp://HOST:PORT or ipc://PATH.",
            reason: "The worker dials out, so that nothing has to be opened on its host."),
        Setting(
            "slots", .whole(1...1024), .none("one per core"), "Tasks at once.",
            reason: "A task keeps one core busy; fewer leave room for others on the host."),
        Setting(
            "key", .text("a file"), .none("none"), "The file of this worker's secret key.",
            reason: "A path, so that no key stands in a command line, an environment or a log."),
        Setting(
            "coordinator_key", .text("a file"), .none("none"),
            "The file of the coordinator's public key: no other coordinator is talked to.",
            reason: "A worker computes for whom it knows, whatever an address or a name server says."),
        Setting(
            "allow_plaintext_off_loopback", .flag, .value("false"),
            """
            Use an address off loopback without keys. Whoever reaches it can read the data and forge results: for \
            networks that something else protects.
            """,
            reason: plaintextReason),
        Setting(
            "tags", .words("words such as zone=a"), .none("none"),
            "Words that tasks can ask for, such as zone=a; --tag may be repeated.",
            reason: "Where a task may run is for whoever submits it; which host is what, for whoever runs the hosts.",
            option: "--tag"),
        Setting(
            "memory_per_slot", .memory(from: MemorySize(byteCount: 64 << 20)), .none("none is ended"),
            "End a task whose slot holds more memory than this.",
            reason:
                "One task too large fails alone, before the kernel ends whatever it finds. The program alone takes part of it."
        ),
        Setting(
            "walltime", .duration(from: second), .none("by SLURM_JOB_END_TIME, else no end"),
            "Time until the host or its batch system ends this worker.",
            reason: "It leaves in good order before that."),
        Setting(
            "lifetime", .duration(from: second), .none("no end"),
            "Leave after this time, or up to a tenth earlier, to be started anew by whatever watches the worker.",
            reason: "For hosts that are renewed by and by; a tenth, so that a pool does not leave at once."),
        Setting(
            "drain_limit", .duration(from: second), .value("1m"),
            "How long leaving in good order may take; hosts that are taken away give little notice.",
            reason: "Checkpoints take seconds; clouds give from half a minute to two."),
        Setting(
            "exit_when_idle", .flag, .value("false"), "Leave when there has been nothing to do for ten seconds.",
            reason: "For hosts that cost by the hour, and for batch systems."),
        Setting(
            "spool", .text("a folder, or none"),
            .none("by STATE_DIRECTORY or XDG_STATE_HOME, else ~/.local/state/tutti/spool"),
            """
            The folder where work is kept that the coordinator is not there to take, for the worker that takes this \
            one's place if it is killed; none keeps it in memory alone, as --no-spool says.
            """,
            reason: "A host that loses its coordinator and then its worker loses nothing."),
        Setting(
            "spool_limit", .memory(from: MemorySize(byteCount: 0)), .value("1G"),
            "The most that the spool may take of the disk.",
            reason: "Draws of days; a worker whose spool is nearly full takes no further tasks."),
        Setting(
            "cache", .text("a folder, or none"),
            .none("by CACHE_DIRECTORY or XDG_CACHE_HOME, else ~/.cache/tutti/bundles"),
            """
            The folder where this host's workers of one user share models and data, so that they cross the network once; \
            none fetches them for each worker.
            """,
            reason: "Data are large, and the coordinator's network is one for all hosts."),
        Setting(
            "cache_limit", .memory(from: MemorySize(byteCount: 0)), .value("1G"),
            "The most that the cache may take of the disk; what was used longest ago goes first.",
            reason: "The models and data of some days; what goes is fetched again."),
        Setting(
            "orphan_limit", .duration(from: TimeSpan(seconds: 0)), .value("1d"),
            "How long to go on without a coordinator.",
            reason: "A day: whoever must mend a coordinator finds the work of the night still there. 0 leaves at once."),
        Setting(
            "log_json", .flag, .value("false"),
            "Write the log as JSON, an object a line, with job, task and worker as fields.",
            reason: "Lines are for people; a collector of logs wants fields."),
        traces("tasks that it runs"),
        Setting(
            "stall_limit", .number(0.001...1_000_000), unit: "s", .value("60"),
            "Seconds without progress before which no slot is taken for one that stands still.",
            reason: "Far beyond an iteration of any model; slow models have 20 of their own iterations.", isShown: false
        ),
    ]

    private static let plaintextReason = "A name that says what it does, so that it stands in no file by an oversight."

    private static func traces(_ spans: String) -> Setting {
        Setting(
            "traces", .text("a file"), .none("none: no traces are written"),
            "Append spans of \(spans) to this file, as OTLP JSON for OpenTelemetry's collector.",
            reason: "A file needs no library of a protocol, and outlives a collector that is away.")
    }

    private static let second = TimeSpan(seconds: 1)
}
