import Foundation
import ModelDefinition
import Report
import Testing
import Wording

/// What tools such as axe look for on a page, on pages of both languages and of all audiences.
@Suite("accessibility of the page")
struct AccessibilityTests {
    static let pages: [String] = Language.allCases.flatMap { language in
        ReportSpecification.Audience.allCases.map { audience in
            ReportPage.render(
                FrenchPageTests.content, as: ReportSpecification(language: language, audience: audience))
        }
    }

    private func matches(_ pattern: String, in page: String) throws -> [String] {
        try page.matches(of: Regex(pattern)).map { String(page[$0.range]) }
    }

    @Test("headings begin with the one h1 and skip no level", arguments: pages)
    func headings(_ page: String) throws {
        let levels = try matches("<h[1-6]", in: page).compactMap { Int($0.suffix(1)) }
        #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
    }

    @Test("every heading of a table has a scope, and every picture a name and a description", arguments: pages)
    func names(_ page: String) throws {
        #expect(try matches("<th(?![ae])[^>]*>", in: page).allSatisfy { $0.contains("scope=") })
        let pictures = page.components(separatedBy: "<svg").dropFirst()
        #expect(!pictures.isEmpty)
        for picture in pictures {
            #expect(picture.prefix { $0 != ">" }.contains("role=\"img\""))
            #expect(try Regex("^[^>]*><title>[^<]+</title><desc>[^<]+</desc>").firstMatch(in: picture) != nil)
        }
    }

    @Test("identifiers are there once, and links lead to one that is there", arguments: pages)
    func identifiers(_ page: String) throws {
        let text = page.replacing(#/<pattern id="[^"]*"/#, with: "<pattern")
        let identifiers = try matches(" id=\"[^\"]*\"", in: text).map { String($0.dropFirst(5).dropLast()) }
        #expect(Set(identifiers).count == identifiers.count)
        for link in try matches("href=\"#[^\"]*\"", in: page) {
            #expect(identifiers.contains(String(link.dropFirst(7).dropLast())), "\(link)")
        }
    }

    @Test("what scrolls can be reached by keyboard and has a name; the language is said", arguments: pages)
    func regions(_ page: String) throws {
        #expect(try matches("<html lang=\"(en|fr)\">", in: page).count == 1)
        for region in try matches("<(div|figure) class=\"(wide|chart|small)\"[^>]*>", in: page) {
            #expect(region.contains("tabindex=\"0\"") && region.contains("aria-label=\"") && region.contains("role="))
        }
        #expect(page.contains("name=\"viewport\"") && !page.contains("user-scalable"))
        #expect(page.contains(":focus-visible") && page.contains("prefers-color-scheme: dark"))
    }

    @Test("no letter is smaller than eleven pixels on a screen")
    func sizes() throws {
        let screen = Self.pages[0].components(separatedBy: "@media print")[0]
        for size in screen.matches(of: #/font(?:-size)?: ?([\d.]+)(px|rem)/#) {
            let number = try #require(Double(size.output.1))
            #expect(size.output.2 == "px" ? number >= 11 : number * 16 >= 11, "\(size.output.0)")
        }
        #expect(!screen.contains("font-size: .6"))
    }
}
