import Foundation
import MarketingMix
import ModelDefinition
import ModelFile
import Testing

/// Against a real server, one for all tests.
@Suite(
    "PostgreSQL sources",
    .enabled(if: PostgreSQLServer.programs != nil, "they need a PostgreSQL server: install Debian's 'postgresql'"))
struct PostgreSQLSourceTests {
    private static let weeks = (0..<10).map { CalendarDate(year: 2024, month: 1, day: 1)!.advanced(by: 7 * $0) }

    /// A model in the server's folder that asks for the media by `query`.
    private static func read(_ query: String, at connection: String, on server: PostgreSQLServer) throws -> ReadModel {
        let folder = server.folder
        let sales = (0..<10).map { "2024-W\($0 < 9 ? "0" : "")\($0 + 1),\(100 + $0 * $0)\n" }.joined()
        try ("week,sales\n" + sales).write(
            to: folder.appendingPathComponent("sales.csv"), atomically: true, encoding: .utf8)
        let model = """
            tutti: 1
            data:
              sources: [{file: sales.csv}, {postgres: "\(connection)", query: "\(query)"}]
              date: week
              frequency: week
            kpi: {column: sales}
            channels: [{name: tv, spend: cost, exposure: mails}]
            """
        let path = folder.appendingPathComponent("model.yaml")
        try model.write(to: path, atomically: true, encoding: .utf8)
        return try ModelFileReader.read(ModelFileReader.bundle(at: path.path))
    }

    /// The problem that reading ends with.
    private static func problem(
        _ query: String, at connection: String, on server: PostgreSQLServer
    ) throws -> String {
        do {
            _ = try read(query, at: connection, on: server)
            return "none"
        } catch let error as ProblemList {
            return error.problems.map(\.description).joined(separator: "\n")
        }
    }

    private static func serverWithMedia() throws -> PostgreSQLServer {
        let server = try PostgreSQLServer()
        try server.execute("create table media (day date, channel text, cost double precision, mails numeric)")
        for (index, week) in weeks.enumerated() {
            try server.execute(
                """
                insert into media values ('\(week)', 'tv', \(Double(index) + 0.1), \(index)),
                                         ('\(week.advanced(by: 3))', 'mail, "letters"', \(index), null)
                """)
        }
        // Dates and numbers are to be read whatever the server is set to.
        try server.execute("alter role tutti set datestyle = 'German'; alter role tutti set extra_float_digits = -5")
        return server
    }

    @Test("a query's columns are joined on the date; what fails, writes or holds a password is a problem with a mend")
    func query() throws {
        let server = try Self.serverWithMedia()
        let byWeek =
            "select date_trunc('week', day)::date as week, sum(cost) as cost, sum(mails) as mails from media group by 1"
        let data = try Self.read(byWeek, at: server.connection, on: server).dataset
        let costs = (0..<10).map { (Double($0) + 0.1) + Double($0) }
        #expect(data.dates == Self.weeks && data.exposure == [(0..<10).map(Double.init)])
        #expect(data.spend == [costs])

        for (query, words) in [
            ("select week from medium", "relation \"medium\" does not exist"),
            ("delete from media", "cannot execute DELETE in a read-only transaction"),
            ("set transaction read write; delete from media", "cannot insert multiple commands"),
            ("set work_mem to default", "it gives no table"),
        ] {
            let problem = try Self.problem(query, at: server.connection, on: server)
            #expect(problem.contains("fails: \(words)") && problem.contains("Mend: check it with `psql"), "\(problem)")
        }
        let left = try Self.read(byWeek, at: server.connection, on: server).dataset
        #expect(left.spend == [costs], "the table is as it was")

        let refused = try Self.problem(byWeek, at: server.address, on: server)
        #expect(refused.contains("no password supplied"), "\(refused)")
        let absent = try Self.problem(byWeek, at: "host=\(server.folder.path)/none", on: server)
        #expect(absent.contains("No such file or directory"), "\(absent)")
    }

    @Test(
        "a password in the model file is refused, and no server is asked",
        arguments: ["host=/nowhere password=secret", "postgresql://me:secret@localhost:1/crm", "sslpassword=secret"])
    func password(connection: String) throws {
        let server = try PostgreSQLServer()
        let problem = try Self.problem("select 1", at: connection, on: server)
        #expect(problem.contains("model.yaml:3: 'data.sources[1].postgres' holds a password"), "\(problem)")
        #expect(problem.contains("PGPASSWORD") && !problem.contains("secret"), "\(problem)")
    }
}
