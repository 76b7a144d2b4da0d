import ModelDefinition

/// `report.json`: what a fit's report says, before it is worded, so that it can be written again in another language or for
/// others without the fit.
package struct ReportArchive: Codable, Sendable {
    /// Raised where older content cannot be read any more.
    private static let currentForm = 1

    private var form: Int
    package var content: ReportContent
    /// What the model file says of the report.
    package var specification: ReportSpecification

    package init(_ content: ReportContent, as specification: ReportSpecification) {
        form = Self.currentForm
        self.content = content
        self.specification = specification
    }

    /// The same content is the same bytes.
    package func encoded() throws -> [UInt8] { try ArchiveCoding.encode(self) }

    /// - Throws: where the bytes are not those of a report, or of a form that this version does not read.
    package init(decoding bytes: [UInt8]) throws {
        self = try ArchiveCoding.decode(ReportArchive.self, from: bytes)
        guard form == Self.currentForm else { throw OtherForm() }
    }

    /// Content that another version wrote.
    package struct OtherForm: Error {}
}
