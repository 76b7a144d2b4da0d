import Wording

/// `night.json`: what a night's page says, before it is worded, so that it can be written again in another language.
package struct NightArchive: Codable, Sendable {
    /// Raised where older content cannot be read any more.
    private static let currentForm = 1

    private var form: Int
    package var content: NightContent
    /// That of the page that the night has written.
    package var language: Language

    package init(_ content: NightContent, in language: Language) {
        form = Self.currentForm
        self.content = content
        self.language = language
    }

    /// The same content is the same bytes.
    package func encoded() throws -> [UInt8] { try ArchiveCoding.encode(self) }

    /// - Throws: where the bytes are not those of a night, or of a form that this version does not read.
    package init(decoding bytes: [UInt8]) throws {
        self = try ArchiveCoding.decode(NightArchive.self, from: bytes)
        guard form == Self.currentForm else { throw ReportArchive.OtherForm() }
    }
}
