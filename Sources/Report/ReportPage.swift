/// One self-contained page for people.
package enum ReportPage {
    package static func render(_ content: ReportContent) -> String {
        "<!doctype html><html lang=\"en\"><title>\(content.name)</title></html>"
    }
}
