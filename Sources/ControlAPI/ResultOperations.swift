import Cluster
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import JSON

/// The files of finished jobs.
extension API {
    private static let notReady = Operation.Answer.problem(
        409, "The job has no results: it is not over, or has failed.")

    var resultOperations: [Operation] {
        [
            Operation(
                name: "listResults", path: "/v1/jobs/{job}/results", summary: "List a job's result files",
                pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The files.", content: ["application/json": Schemas.reference("ResultList")]),
                    Self.noJob, Self.notReady,
                ],
                handler: { call in
                    let (job, folder) = try results(call)
                    return try json(ResultList(job: String(job.id.number), files: ResultEntry.list(in: folder)))
                }),
            Operation(
                name: "getResult", path: "/v1/jobs/{job}/results/{file}", summary: "Get a result file, or a part of it",
                text: """
                    `Range: bytes=…` gets one part. The ETag is the file's SHA-256; files never change. report.html is \
                    sent so that its page can do nothing in the API's name.
                    """,
                pathParameters: [
                    Self.jobParameter, .init(name: "file", values: .text, text: "The file's name, as in the list."),
                ],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The file.", content: Self.anyFile,
                        headers: ["ETag": "The file's SHA-256.", "Accept-Ranges": "`bytes`."]),
                    Operation.Answer(
                        status: 206, text: "A part of the file.", content: Self.anyFile,
                        headers: ["ETag": "The file's SHA-256.", "Content-Range": "Which part it is."]),
                    Operation.Answer(
                        status: 304, text: "The file is the one whose ETag `If-None-Match` names.",
                        headers: ["ETag": "The file's SHA-256."]),
                    .problem(404, "There is no such job in the token's project, or no such file."), Self.notReady,
                    .problem(416, "The file has no such part.", headers: ["Content-Range": "How long it is."]),
                ], handler: file),
            Operation(
                name: "getResultsArchive", path: "/v1/jobs/{job}/results.zip", summary: "Get all result files in one",
                text: "A ZIP archive with a folder `job-N`; the same results give the same bytes.",
                pathParameters: [Self.jobParameter],
                answers: [
                    Operation.Answer(
                        status: 200, text: "The archive.", content: ["application/zip": [:]],
                        headers: ["Content-Disposition": "A name for it."]),
                    Self.noJob, Self.notReady,
                ],
                handler: { call in
                    let (job, folder) = try results(call)
                    let name = "job-\(job.id.number)"
                    let files = try ResultEntry.list(in: folder)
                    let archive = ZipArchive(
                        files: files.map {
                            .init(name: "\(name)/\($0.name)", path: "\(folder)/\($0.name)", byteCount: $0.bytes)
                        })
                    return Response(
                        status: .ok,
                        headers: [
                            .contentType: "application/zip",
                            .contentDisposition: "attachment; filename=\"\(name).zip\"",
                        ], body: archive.body)
                }),
        ]
    }

    private static let anyFile: [String: JSONValue] = Dictionary(
        uniqueKeysWithValues: ResultEntry.possibleTypes.map { ($0, [:]) })

    /// A finished job and the folder of its results.
    private func results(_ call: Call) throws -> (job: JobSnapshot, folder: String) {
        let job = try job(call)
        guard job.state == .succeeded else {
            throw Problem(.conflict, "the job has no results: it is \(job.state.rawValue)")
        }
        return (job, service.resultsFolder(of: job.id))
    }

    private func file(_ call: Call) throws -> Response {
        let (_, folder) = try results(call)
        let name = call.path["file"] ?? ""
        // A name from the folder's own listing, so no path leads elsewhere.
        guard let file = try ResultEntry.list(in: folder).first(where: { $0.name == name }) else {
            throw Problem.notFound("the job has no result file '\(name)'")
        }
        guard Acceptance(call.request.headers[.accept]).takes(file.mediaType) else {
            throw Problem(.notAcceptable, "the file is \(file.mediaType)")
        }
        let tag = "\"\(file.sha256)\""
        var headers: HTTPFields = [
            .eTag: tag, .acceptRanges: "bytes", .cacheControl: "private, max-age=31536000, immutable",
        ]
        let known = (call.request.headers[.ifNoneMatch] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        if known.contains(tag) || known == ["*"] { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.mediaType
        headers[.contentSecurityPolicy] = "sandbox allow-scripts allow-downloads"
        let path = "\(folder)/\(name)"
        var range = call.request.headers[.range].flatMap(ByteRange.init)
        // A part of another version would not fit to what the client has.
        if let condition = call.request.headers[.ifRange], condition != tag { range = nil }
        guard let range else {
            return Response(
                status: .ok, headers: headers, body: FilePart(path: path, bounds: 0..<file.bytes).body)
        }
        guard let bounds = range.bounds(in: file.bytes) else {
            throw Problem(
                .rangeNotSatisfiable, "the file has \(file.bytes) bytes",
                headers: [.contentRange: "bytes */\(file.bytes)"])
        }
        headers[.contentRange] = "bytes \(bounds.lowerBound)-\(bounds.upperBound - 1)/\(file.bytes)"
        return Response(status: .partialContent, headers: headers, body: FilePart(path: path, bounds: bounds).body)
    }
}
