import ArgumentParser
import Cluster

struct TokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Say who may ask a coordinator, by tokens.",
        discussion: """
            A coordinator with tokens answers the HTTP API to those who show one, by what its role may: an observer looks \
            at its project's jobs, a submitter also submits and cancels there, an operator may do everything in all \
            projects. What is kept is a digest; the token itself is printed once.

            On the coordinator's machine, whether it runs or not:
              tutti tokens new notebook --role submitter --folder /etc/tutti/tokens
              tutti coordinator --tokens /etc/tutti/tokens --state /var/lib/tutti

            Where it is used, in a file of mode 0400 (--token-file or TUTTI_TOKEN_FILE), in TUTTI_TOKEN, or as the \
            credential tutti-token of a systemd service:
              TUTTI_TOKEN_FILE=~/.tutti-token tutti jobs --url https://HOST

            A coordinator sees changes within a second.
            """,
        subcommands: [New.self, Revoke.self, List.self])

    /// The folder that a subcommand works on.
    struct FolderOptions: ParsableArguments {
        @Option(help: CredentialFolder.tokens.help)
        var folder: String?

        func validate() throws {
            guard CredentialFolder.tokens.path(folder) != nil else {
                throw ValidationError("Which folder? Mend: give --folder FOLDER, or set TUTTI_TOKENS.")
            }
        }

        var tokens: TokenFolder { TokenFolder(CredentialFolder.tokens.path(folder) ?? "") }
    }

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Make a token, and print it once.",
            usage: "tutti tokens new <name> --role <role> [<options>]",
            discussion: """
                It replaces nothing. The folder has only the token's digest: who loses the token makes a new one.

                  tutti tokens new notebook --role submitter --folder /etc/tutti/tokens
                """)

        @Argument(help: "What the token is to be called in logs and lists.")
        var name: String

        @Option(help: "What its holder may do: observer (look), submitter (also submit and cancel) or operator (all).")
        var role: TokenRole

        @Option(help: "Whose jobs its holder sees; of an operator, where its submissions go.")
        var project: String = Project.fallback

        @Option(help: "Write it to this new file, with mode 0400, in place of printing it.")
        var into: String?

        @OptionGroup
        var folder: FolderOptions

        func run() throws {
            let text = try CredentialFolder.reporting {
                try folder.tokens.make(name, role: role, project: project, into: into)
            }
            print(into ?? text)
            Output.complain(
                into == nil
                    ? "This is the only time that the token is shown."
                    : "The token is in \(into ?? "") and nowhere else.")
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Take a token no longer.",
            discussion: """
                A coordinator that runs refuses it within a second, and ends streams that it had opened.

                  tutti tokens revoke notebook --folder /etc/tutti/tokens
                """)

        @Argument(help: "The token's name, as `tutti tokens list` prints it.")
        var name: String

        @OptionGroup
        var folder: FolderOptions

        func run() throws {
            try CredentialFolder.reporting { try folder.tokens.revoke(name) }
            print("\(name) is taken no longer")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the tokens that are taken.",
            discussion: """
                Names, never the tokens. A file that is not sound is not taken; the list ends with exit code 2 then and \
                says what is wrong.

                  tutti tokens list --folder /etc/tutti/tokens
                """)

        @OptionGroup
        var folder: FolderOptions

        @Flag(help: "Print JSON.")
        var json = false

        private struct Entry: Encodable {
            var name: String
            var role: String
            var project: String
        }

        func run() throws {
            let (tokens, problems) = try CredentialFolder.reporting { try folder.tokens.tokens() }
            let entries = tokens.map { Entry(name: $0.name, role: $0.role.rawValue, project: $0.project) }
            if json {
                try Output.printJSON(entries)
            } else {
                let rows = entries.map { [$0.name, $0.role, $0.role == "operator" ? "all" : $0.project] }
                print(TextTable(header: ["name", "role", "project"], rows: rows, numeric: []).text)
            }
            guard problems.isEmpty else {
                throw UserError.unusable(problems.map(\.description).joined(separator: "\n"))
            }
        }
    }
}

extension TokenRole: ExpressibleByArgument {}
