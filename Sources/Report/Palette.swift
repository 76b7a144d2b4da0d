/// Fills that are told apart by colour (Okabe & Ito 2008) and, without colour, by pattern.
enum Palette {
    private static let colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"]
    private static let patternCount = 4

    /// Of what is no channel; at least 3 : 1 against both pages.
    static let baseline = "#8A9199"

    static func colour(_ order: Int) -> String { colours[order % colours.count] }

    /// `fill` of the channel with this place in the order: a reference to one of the chart's `definitions`.
    static func fill(_ order: Int, in chart: String) -> String { "url(#\(chart)-fill-\(order))" }

    /// Plain, hatched, dotted and cross-hatched squares; colour and pattern together repeat after 28 channels.
    ///
    /// - Parameter chart: its name, since a page with several has one place for all their identifiers.
    static func definitions(count: Int, in chart: String) -> String {
        let patterns = (0..<count).map { order -> String in
            let marks =
                switch (order + order / colours.count) % patternCount {
                case 0: ""
                case 1: "<path d=\"M0 4h8\" stroke=\"#000\" stroke-opacity=\"0.45\" stroke-width=\"1.2\"/>"
                case 2: "<circle cx=\"4\" cy=\"4\" r=\"1.4\" fill=\"#000\" fill-opacity=\"0.45\"/>"
                default: "<path d=\"M0 4h8M4 0v8\" stroke=\"#fff\" stroke-opacity=\"0.7\" stroke-width=\"1\"/>"
                }
            return "<pattern id=\"\(chart)-fill-\(order)\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
                + "patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" fill=\"\(colour(order))\"/>\(marks)</pattern>"
        }
        return "<defs>\(patterns.joined())</defs>"
    }
}
