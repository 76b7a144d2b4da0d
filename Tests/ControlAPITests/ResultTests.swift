import Cluster
import Foundation
import HTTPTypes
import Testing

@Suite("results over HTTP")
struct ResultTests {
    private let coordinator: TestCoordinator
    private let table = "channel,spend\ntv,1\n"

    init() throws {
        coordinator = try TestCoordinator(entries: Jobs.finished(1))
        try coordinator.putResults(of: 1)
    }

    private func ask(_ name: String, _ headers: HTTPFields = [:]) async throws -> Reply {
        try await coordinator.ask(.get, "/v1/jobs/1/results/\(name)", headers: headers)
    }

    @Test("are listed with their types, sizes and digests")
    func list() async throws {
        let files = try await coordinator.ask(.get, "/v1/jobs/1/results").decoded(ResultList.self).files
        #expect(files.map(\.name) == ["channels.csv", "posterior.nc", "report.html", "run.json"])
        #expect(
            files.map { $0.mediaType.prefix { $0 != ";" } } == [
                "text/csv", "application/netcdf", "text/html", "application/json",
            ])
        #expect(files[0].bytes == table.utf8.count)
        // sha256sum of it.
        #expect(files[0].sha256 == "\(Jobs.digest(of: table))")
    }

    @Test("come whole, in parts, or not at all where the client has them")
    func parts() async throws {
        let whole = try await ask("channels.csv")
        #expect(whole.status == 200 && whole.text == table)
        #expect(whole.headers[.contentType]?.hasPrefix("text/csv") == true)
        #expect(whole.headers[.acceptRanges] == "bytes")
        let tag = try #require(whole.headers[.eTag])
        let count = table.utf8.count
        for (field, expected) in [
            ("bytes=0-6", "channel"), ("bytes=8-", String(table.dropFirst(8))), ("bytes=-5", String(table.suffix(5))),
            ("bytes=14-1000", String(table.dropFirst(14))), ("bytes=-1000", table), ("BYTES=0-0", "c"),
        ] {
            let reply = try await ask("channels.csv", [.range: field])
            #expect(reply.status == 206 && reply.text == expected, "\(field)")
            #expect(reply.headers[.contentRange]?.hasSuffix("/\(count)") == true)
            #expect(reply.headers[.contentLength] == String(expected.utf8.count))
        }
        for field in ["bytes=\(count)-", "bytes=1000-2000", "bytes=-0"] {
            let reply = try await ask("channels.csv", [.range: field])
            #expect(reply.status == 416 && reply.headers[.contentRange] == "bytes */\(count)", "\(field)")
        }
        // What is no range of bytes, or more than one, is passed over.
        for field in [
            "bytes=3-1", "bytes=a-b", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=+1-2",
            "bytes=99999999999999999999-",
        ] {
            #expect(try await ask("channels.csv", [.range: field]).status == 200, "\(field)")
        }
        #expect(try await ask("channels.csv", [.range: "bytes=0-6", .ifRange: tag]).status == 206)
        #expect(try await ask("channels.csv", [.range: "bytes=0-6", .ifRange: "\"other\""]).status == 200)
        for field in [tag, "\"x\", \(tag)", "*"] {
            let reply = try await ask("channels.csv", [.ifNoneMatch: field])
            #expect(reply.status == 304 && reply.body.isEmpty, "\(field)")
        }
        #expect(try await ask("channels.csv", [.ifNoneMatch: "\"x\""]).status == 200)
    }

    @Test("are those of the folder alone, and a page among them can do nothing in the API's name")
    func folder() async throws {
        for name in [
            "..", ".", "..%2F..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "none.csv", "channels.csv%00",
            "channels.csv%2F",
        ] {
            #expect(try await ask(name).status == 404, "\(name)")
        }
        let page = try await ask("report.html")
        #expect(page.headers[.contentSecurityPolicy]?.hasPrefix("sandbox") == true)
        #expect(page.headers[.contentSecurityPolicy]?.contains("allow-same-origin") == false)
    }

    @Test("come in one archive that others can open")
    func archive() async throws {
        let reply = try await coordinator.ask(.get, "/v1/jobs/1/results.zip")
        #expect(reply.status == 200)
        #expect(reply.headers[.contentLength] == String(reply.body.count))
        #expect(reply.headers[.contentDisposition] == "attachment; filename=\"job-1.zip\"")
        #expect(try await coordinator.ask(.get, "/v1/jobs/1/results.zip").body == reply.body)
        let path = coordinator.folder + "/results.zip"
        try reply.body.write(to: URL(fileURLWithPath: path))
        let program = """
            import sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1])
            assert archive.testzip() is None
            for name in sorted(archive.namelist()):
                print(name, len(archive.read(name)))
            """
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c", program, path]
        let output = Pipe()
        python.standardOutput = output
        try python.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        #expect(
            text.split(separator: "\n").map(String.init) == [
                "job-1/channels.csv \(table.utf8.count)", "job-1/posterior.nc 700001", "job-1/report.html 6",
                "job-1/run.json 3",
            ])
    }
}
