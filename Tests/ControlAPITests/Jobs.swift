import Cluster
import Coordination
import Foundation
import Storage
import Wire

/// Ledger entries of jobs, and their submissions.
enum Jobs {
    static func specification(_ number: UInt64, tasks: Int = 2) -> JobSpecification {
        let digest = Digest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: number &+ UInt64($0)) })!
        return JobSpecification(
            digest: digest, name: "job-\(number)", priority: 0, bundle: digest, submittedAt: 1_700_000_000,
            kernels: Build.kernelFingerprint,
            tasks: (0..<tasks).map { index in
                TaskSpecification(
                    digest: Digest(
                        bytes: (0..<32).map { UInt8(truncatingIfNeeded: $0 &+ UInt64(index) &+ 7 &* number) })!,
                    payload: [], inputs: [digest], label: "chain \(index + 1)", iterations: 100)
            })
    }

    static func id(_ number: UInt64) -> JobID { JobID(number) }

    static func digest(of text: String) -> Digest { Digest(hashing: Array(text.utf8)) }

    static func submitted(_ number: UInt64) -> LedgerEntry { .submitted(JobID(number), specification(number)) }

    /// A job that has succeeded.
    static func finished(_ number: UInt64) -> [LedgerEntry] {
        let specification = specification(number)
        let tasks = (0..<UInt32(specification.tasks.count)).flatMap { index -> [LedgerEntry] in
            let attempt = AttemptID(task: TaskID(job: JobID(number), index: index), epoch: 1)
            return [
                .granted(attempt, worker: "w"),
                .done(
                    attempt, result: specification.digest,
                    cost: AttemptCost(
                        gradientEvaluations: 1, divergences: 0, cpuNanoseconds: 1, wallNanoseconds: 1)),
            ]
        }
        return [.submitted(JobID(number), specification)] + tasks
            + [.assembled(JobID(number), succeeded: true, text: "passed")]
    }

    static let model = """
        tutti: 1
        name: shop
        data: {sources: [{file: data/sales.csv}], date: week, frequency: week}
        kpi: {column: sales}
        channels: [{name: tv, spend: tv}]
        """

    static let data: String = {
        let rows = (0..<30).map { index in
            let date = Date(timeIntervalSince1970: 1_641_168_000 + Double(index) * 7 * 86_400)
            return
                "\(ISO8601DateFormatter().string(from: date).prefix(10)),\(100 + 3 * index % 11),\(index * index % 7)\n"
        }
        return "week,sales,tv\n" + rows.joined()
    }()

    static func submission(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> Data {
        var body: [String: Any] = [
            "archive": [
                "name": "shop.yaml", "model": model, "data": ["data/sales.csv": Data(data.utf8).base64EncodedString()],
            ] as [String: Any],
            "settings": ["chains": 2, "draws": 50, "warmup": 50],
        ]
        change(&body)
        return try JSONSerialization.data(withJSONObject: body)
    }

    /// A form as Python's `requests` writes it.
    static func form(_ parts: [(name: String, fileName: String?, content: String)], boundary: String = "b0undary")
        -> Data
    {
        var text = ""
        for part in parts {
            let fileName = part.fileName.map { "; filename=\"\($0)\"" } ?? ""
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(fileName)\r\n\r\n"
            text += part.content + "\r\n"
        }
        return Data((text + "--\(boundary)--\r\n").utf8)
    }
}
