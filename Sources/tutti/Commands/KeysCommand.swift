import ArgumentParser
import Cluster

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Say who may work for a coordinator, by keys.",
        discussion: """
            A coordinator with keys encrypts its connections and takes messages from workers whose keys it allows, \
            and from nobody else. A key is a pair of files: NAME.secret stays on its machine with mode 0400, \
            NAME.public may be shown to anybody.

            On the coordinator's machine:
              tutti keys new coordinator --folder /etc/tutti/keys
              tutti coordinator --keys /etc/tutti/keys --bind tcp://0.0.0.0:5570

            On a worker's machine, then hand worker-1.public over:
              tutti keys new worker-1 --folder /etc/tutti/keys

            On the coordinator's machine, whether it runs or not; then hand coordinator.public over:
              tutti keys allow worker-1.public --folder /etc/tutti/keys

            On the worker's machine:
              tutti worker --connect tcp://HOST:5570 --key worker-1.secret \\
                --coordinator-key coordinator.public

            A coordinator sees changes within a second. Workers of one pool may share a key.
            """,
        subcommands: [New.self, Allow.self, Revoke.self, List.self])

    /// The folder that a subcommand works on.
    struct FolderOptions: ParsableArguments {
        @Option(help: CredentialFolder.keys.help)
        var folder: String?

        func validate() throws {
            guard CredentialFolder.keys.path(folder) != nil else {
                throw ValidationError("Which folder? Mend: give --folder FOLDER, or set TUTTI_KEYS.")
            }
        }

        var keys: KeyFolder { KeyFolder(CredentialFolder.keys.path(folder) ?? "") }
    }

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Make a key pair.",
            discussion: """
                Writes NAME.secret (mode 0400) and NAME.public, and prints the path of the public one. It replaces \
                nothing. A coordinator's own key is called coordinator.

                  tutti keys new worker-1 --folder /etc/tutti/keys
                """)

        @Argument(help: "What the key is to be called in logs and lists.")
        var name: String

        @OptionGroup
        var folder: FolderOptions

        func run() throws {
            let made = try CredentialFolder.reporting { try folder.keys.make(name) }
            print(made.publicKey)
            Output.complain("\(made.secretKey) is the secret half: it stays on the machine that uses it.")
        }
    }

    struct Allow: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "allow",
            abstract: "Let the holder of a key in.", usage: "tutti keys allow <file> [<options>]",
            discussion: """
                Takes the file that `tutti keys new` made on the other machine. A worker that has been waiting \
                comes in by itself within seconds.

                  tutti keys allow worker-1.public --folder /etc/tutti/keys
                """)

        @Argument(help: "The public key's file.")
        var file: String

        @Option(help: "What the key is called here (default: as in the file).")
        var name: String?

        @Option(help: "What its holder may do: worker (run tasks) or observer (watch).")
        var role: KeyRole = .worker

        @OptionGroup
        var folder: FolderOptions

        func run() throws {
            let key = try CredentialFolder.reporting { try folder.keys.allow(file, name: name, role: role) }
            print("\(key.name) may \(role == .worker ? "work" : "watch")")
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Let the holder of a key in no longer.",
            discussion: """
                A coordinator that runs stops listening to the key within a second, and gives what its workers had in \
                hand to others.

                  tutti keys revoke worker-1 --folder /etc/tutti/keys
                """)

        @Argument(help: "The key's name, as `tutti keys list` prints it.")
        var name: String

        @OptionGroup
        var folder: FolderOptions

        func run() throws {
            try CredentialFolder.reporting { try folder.keys.revoke(name) }
            print("\(name) may no longer connect")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the keys that are let in.",
            discussion: """
                Public keys only. A file that is not sound lets nobody in; the list ends with exit code 2 then and \
                says what is wrong.

                  tutti keys list --folder /etc/tutti/keys
                """)

        @OptionGroup
        var folder: FolderOptions

        @Flag(help: "Print JSON.")
        var json = false

        private struct Entry: Encodable {
            var name: String
            var role: String
            var key: String
        }

        func run() throws {
            let (keys, problems) = try CredentialFolder.reporting { try folder.keys.allowed() }
            let entries = keys.map { Entry(name: $0.name, role: $0.role?.rawValue ?? "", key: "\($0.key)") }
            if json {
                try Output.printJSON(entries)
            } else {
                let rows = entries.map { [$0.name, $0.role, $0.key] }
                print(TextTable(header: ["name", "role", "public key"], rows: rows, numeric: []).text)
            }
            guard problems.isEmpty else {
                throw UserError.unusable(problems.map(\.description).joined(separator: "\n"))
            }
        }
    }
}

extension KeyRole: ExpressibleByArgument {}
