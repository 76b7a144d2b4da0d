import ArgumentParser
import Assistant
import Cluster
import Foundation
import JSON

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Let an assistant ask results, plans and jobs in plain words.",
        usage: "tutti mcp [<folders> ...] [<options>]",
        discussion: """
            Serves the Model Context Protocol on standard input and output, for an assistant that starts this command itself. \
            Every number it is given has its interval, unit, source file and SHA-256, and is one that Tutti has computed. \
            Tools only read, but for `submit`, which is offered where a coordinator's token allows it.

              tutti mcp results
              tutti mcp results accepted/uk
              tutti mcp --url http://127.0.0.1:8080

            The first answers from a results folder; the second from two, one of them a model's folder of `tutti \
            recalibrate`; the third from a coordinator, and from results of its finished jobs.

            Assistants are told of it in their settings, most of them in this form, with full paths:

              {"mcpServers": {"tutti":
                {"command": "tutti", "args": ["mcp", "/home/me/results"]}}}

            For a coordinator the token is found as other commands find it; put TUTTI_TOKEN_FILE into `env` of those settings.
            """)

    @Argument(
        help: "Results folders of `tutti fit`, or models' folders of `tutti recalibrate` (default: a coordinator).")
    var folders: [String] = []

    @OptionGroup
    var remote: RemoteOptions

    @Option(help: "Model files below this folder may be submitted.")
    var models = "."

    func run() async throws {
        let asksCoordinator = folders.isEmpty || remote.url != nil
        let desk = AssistantDesk(
            folders: try ServedFolders(folders),
            coordinator: asksCoordinator ? CoordinatorTools(client: try remote.client, models: models) : nil)
        var session = ProtocolSession(
            serverVersion: Build.version, instructions: AssistantDesk.instructions, tools: desk.tools)
        if isatty(STDIN_FILENO) == 1 {
            Output.complain("This speaks with an assistant, not with people: `tutti mcp --help` says how to set it up.")
        }
        var input = MessageInput()
        while let line = input.next() {
            let reaction = session.receive(line)
            var replies: [JSONValue] = []
            for step in reaction.steps {
                switch step {
                case .reply(let reply): replies.append(reply)
                case .work(let id, let work):
                    replies.append(session.reply(to: id, with: await desk.outcome(of: work)))
                }
            }
            guard !replies.isEmpty else { continue }
            let lines = reaction.isBatch ? [JSONValue.list(replies)] : replies
            let text = lines.map { $0.line + "\n" }.joined()
            // An assistant that is gone has no more questions.
            guard (try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))) != nil else { break }
        }
        await desk.end()
    }
}
