import Foundation
import Glibc
import Testing
import ZeroMQ

/// `tutti keys`, and what it refuses.
@Suite("keys")
struct KeysTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func keys(_ arguments: String..., folder: String = "keys") throws -> TuttiProcess.Outcome {
        try TuttiProcess.run(["keys"] + arguments + ["--folder", place.path(folder)])
    }

    private func mode(_ name: String) -> mode_t {
        var status = stat()
        return stat(place.path(name), &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private struct Entry: Decodable, Equatable {
        var name: String
        var role: String
        var key: String
    }

    private func list() throws -> [Entry] {
        let outcome = try keys("list", "--json")
        #expect(outcome.code == 0, "\(outcome.complaints)")
        return try JSONDecoder().decode([Entry].self, from: Data(outcome.output.utf8))
    }

    private func contents(_ name: String) throws -> String {
        try String(contentsOfFile: place.path(name), encoding: .utf8)
    }

    @Test("are made, allowed, listed and revoked; a secret half is in its file and nowhere else")
    func life() throws {
        for name in ["coordinator", "worker-1", "watcher"] {
            let made = try keys("new", name)
            #expect(made.code == 0, "\(made.complaints)")
            #expect(made.output == place.path("keys/\(name).public"))
            #expect(mode("keys/\(name).secret") == 0o400)
            #expect(mode("keys/\(name).public") == 0o644)
            let secret = try #require(
                contents("keys/\(name).secret").split(separator: "\n").first { $0.hasPrefix("secret-key: ") })
            let key = try #require(CurveSecretKey(String(secret.dropFirst("secret-key: ".count))))
            #expect(!(made.output + made.complaints).contains(key.text))
            #expect(try contents("keys/\(name).public").contains("\nkey: \(key.publicKey)\n"))
        }
        #expect(mode("keys") == 0o700)
        #expect(try list() == [])

        #expect(try keys("allow", place.path("keys/worker-1.public")).code == 0)
        #expect(try keys("allow", place.path("keys/worker-1.public")).code == 0, "the same again changes nothing")
        let renamed = try keys(
            "allow", place.path("keys/watcher.public"), "--name", "dashboard", "--role", "observer")
        #expect(renamed.code == 0)
        let listed = try list()
        #expect(listed.map(\.name) == ["dashboard", "worker-1"])
        #expect(listed.map(\.role) == ["observer", "worker"])
        #expect(try contents("keys/worker-1.public").contains(listed[1].key))

        #expect(try keys("revoke", "worker-1").code == 0)
        #expect(try list().map(\.name) == ["dashboard"])
        let again = try keys("revoke", "worker-1")
        #expect(again.code == 2)
        #expect(again.complaints.contains("no key is allowed under this name. Mend: tutti keys list"))
    }

    @Test("are never replaced, and names, keys and roles are not doubled")
    func doubles() throws {
        for name in ["a", "b"] { _ = try keys("new", name) }
        let before = try contents("keys/a.public")
        let made = try keys("new", "a")
        #expect(made.code == 2)
        #expect(made.complaints.contains("a key is never replaced in place. Mend: "))
        #expect(try contents("keys/a.public") == before)

        #expect(try keys("allow", place.path("keys/a.public")).code == 0)
        let cases: [(arguments: [String], part: String)] = [
            ([place.path("keys/b.public"), "--name", "a"], "another key is allowed under this name already"),
            ([place.path("keys/a.public"), "--name", "c"], "this key is allowed already, as worker 'a'"),
            ([place.path("keys/a.public"), "--role", "observer"], "this key is allowed already, as worker 'a'"),
            ([place.path("keys/b.public"), "--name", "../b"], "'../b' is no name of a key"),
            ([place.path("keys/b.secret")], "its first line is not 'tutti public key'"),
            ([place.path("keys/d.public")], "No such file or directory"),
        ]
        for (arguments, part) in cases {
            let outcome = try TuttiProcess.run(["keys", "allow"] + arguments + ["--folder", place.path("keys")])
            #expect(outcome.code == 2, "\(arguments)")
            #expect(outcome.complaints.contains(part), "\(outcome.complaints)")
            #expect(outcome.complaints.contains("Mend: "), "\(outcome.complaints)")
        }
        #expect(try list().map(\.name) == ["a"])
    }

    /// What can be wrong with a file in `allowed`, and what is said of it.
    static let damages: [(name: String, change: @Sendable (String) -> String, complaint: String)] = [
        ("x.public", { String($0.dropLast(12)) }, "ends in the middle of a line"),
        ("x.public", { _ in "" }, "its first line is not 'tutti public key'"),
        ("x.public", { _ in "ssh-ed25519 AAAA\n" }, "its first line is not 'tutti public key'"),
        ("x.public", { $0.replacing("role: worker\n", with: "") }, "the line 'role: worker' or 'role: observer'"),
        ("x.public", { $0.replacing("role: worker", with: "role: owner") }, "the line 'role: worker' or"),
        ("x.public", { $0.replacing("\nkey: ", with: "\nkey: 0") }, "is not 40 characters of a key"),
        ("x.public", { $0 + "key: 1\n" }, "says 'key' twice"),
        ("x.public", { $0 + "and more\n" }, "line 5 is not 'field: value'"),
        ("y.public", { $0 }, "says that its name is 'x'"),
        ("notes.txt", { _ in "worker x is Anna's\n" }, "its first line is not 'tutti public key'"),
        ("z.public", { $0.replacing("name: x", with: "name: z") }, "holds the same key as 'x'"),
    ]

    @Test("that are damaged let nobody in and are named with a mend", arguments: damages.indices)
    func damaged(index: Int) throws {
        let (name, change, complaint) = Self.damages[index]
        for name in ["coordinator", "x"] { _ = try keys("new", name) }
        #expect(try keys("allow", place.path("keys/x.public")).code == 0)
        try place.write(change(contents("keys/allowed/x.public")), to: "keys/allowed/\(name)")
        let listed = try keys("list", "--json")
        #expect(listed.code == 2)
        #expect(listed.complaints.contains("\(place.path("keys/allowed"))/\(name): "), "\(listed.complaints)")
        #expect(listed.complaints.contains(complaint), "\(listed.complaints)")
        #expect(listed.complaints.contains("Mend: "))
        #expect(listed.output.contains("\"x\"") == (name == "y.public" || name == "notes.txt"))
        let coordinator = try TuttiProcess.run([
            "coordinator", "--state", place.path("state"), "--keys", place.path("keys"),
        ])
        #expect(coordinator.code == 2)
        #expect(coordinator.complaints.contains(complaint), "\(coordinator.complaints)")
    }

    @Test("that others can read or change are refused, by both sides")
    func modes() throws {
        for name in ["coordinator", "x"] { _ = try keys("new", name) }
        let worker = [
            "worker", "--connect", "tcp://127.0.0.1:1", "--key", place.path("keys/x.secret"), "--coordinator-key",
            place.path("keys/coordinator.public"),
        ]
        let coordinator = ["coordinator", "--state", place.path("state"), "--keys", place.path("keys")]
        for mode in [0o440, 0o404, 0o420] as [mode_t] {
            chmod(place.path("keys/x.secret"), mode)
            chmod(place.path("keys/coordinator.secret"), mode)
            for command in [worker, coordinator] {
                let outcome = try TuttiProcess.run(command)
                #expect(outcome.code == 2, "\(outcome.complaints)")
                let octal = String(mode, radix: 8)
                #expect(outcome.complaints.contains(".secret: has mode 0\(octal): others than its owner"))
                #expect(outcome.complaints.contains("Mend: chmod 0400 "))
            }
        }
        chmod(place.path("keys/coordinator.secret"), 0o400)
        chmod(place.path("keys"), 0o770)
        let open = try TuttiProcess.run(coordinator)
        #expect(open.code == 2)
        #expect(open.complaints.contains("others than its owner can write into it"))
    }

    @Test("of a systemd service lie in its credentials folder, where an access list shows as the group's bits")
    func credentials() throws {
        for name in ["coordinator", "x"] { _ = try keys("new", name) }
        chmod(place.path("keys/x.secret"), 0o440)
        let arguments = [
            "worker", "--connect", "tcp://127.0.0.1:1", "--key", place.path("keys/x.secret"), "--coordinator-key",
            place.path("keys/coordinator.public"),
        ]
        let elsewhere = try TuttiProcess.run(arguments, environment: ["CREDENTIALS_DIRECTORY": place.path("other")])
        #expect(elsewhere.code == 2)
        let environment = ["CREDENTIALS_DIRECTORY": place.path("keys")]
        let worker = try TuttiProcess(arguments, environment: environment)
        #expect(worker.waitForComplaint { $0.contains("connecting with a key") && $0.contains("key=x") })
        worker.send(SIGKILL)
        _ = worker.wait()
        chmod(place.path("keys/x.secret"), 0o444)
        #expect(try TuttiProcess.run(arguments, environment: environment).code == 2)
    }

    @Test("are asked for wherever an address is off loopback, by an error that says how to get them")
    func plaintext() throws {
        let bind = try TuttiProcess.run(["coordinator", "--state", place.path("state"), "--bind", "tcp://0.0.0.0:*"])
        #expect(bind.code == 2)
        #expect(bind.complaints.contains("tutti keys new coordinator"))
        #expect(bind.complaints.contains("--allow-plaintext-off-loopback"))
        let connect = try TuttiProcess.run(["worker", "--connect", "tcp://192.0.2.1:5570"])
        #expect(connect.code == 2)
        #expect(connect.complaints.contains("tutti keys new"))
        #expect(connect.complaints.contains("--allow-plaintext-off-loopback"))
        let half = try TuttiProcess.run(["worker", "--connect", "tcp://127.0.0.1:1", "--key", place.path("x")])
        #expect(half.code == 2)
        #expect(half.complaints.contains("--key and --coordinator-key go together"))
        _ = try keys("new", "worker-1")
        let none = try TuttiProcess.run(
            ["coordinator", "--state", place.path("state")], environment: ["TUTTI_KEYS": place.path("keys")])
        #expect(none.code == 2)
        #expect(none.complaints.contains("Mend: tutti keys new coordinator --folder \(place.path("keys"))"))
        let allowed = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://0.0.0.0:*", "--http", "127.0.0.1:0",
            "--allow-plaintext-off-loopback",
        ])
        #expect(allowed.waitForComplaint { $0.contains("HTTP API answers") })
        allowed.send(SIGTERM)
        #expect(allowed.wait().code == 0)
    }
}
