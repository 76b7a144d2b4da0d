/// What a channel's spend brings on the average over draws, at some amounts of spend and linear between them.
package struct ResponseCurve: Sendable, Hashable {
    package struct Point: Sendable, Hashable {
        package var spend: Double
        package var contribution: Double

        package init(spend: Double, contribution: Double) {
            self.spend = spend
            self.contribution = contribution
        }
    }

    package let channel: String
    /// What is spent now, in the unit of the points.
    package let currentSpend: Double
    package let points: [Point]

    /// Nil unless there are two points or more, all finite, with spends that ascend from 0 or more.
    package init?(channel: String, currentSpend: Double, points: [Point]) {
        guard points.count > 1, currentSpend >= 0, currentSpend.isFinite, points[0].spend >= 0,
            points.allSatisfy({ $0.spend.isFinite && $0.contribution.isFinite }),
            zip(points, points.dropFirst()).allSatisfy({ $0.spend < $1.spend })
        else { return nil }
        self.channel = channel
        self.currentSpend = currentSpend
        self.points = points
    }

    /// The contribution at a spend within the points, else at the nearer end.
    func contribution(at spend: Double) -> Double {
        guard let next = points.firstIndex(where: { $0.spend >= spend }) else {
            return points[points.count - 1].contribution
        }
        guard next > 0 else { return points[0].contribution }
        let (a, b) = (points[next - 1], points[next])
        return a.contribution + (b.contribution - a.contribution) * ((spend - a.spend) / (b.spend - a.spend))
    }

    /// The corners of the smallest concave curve above this one between two spends within its points (the upper hull of
    /// Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions"). One corner where the two are equal.
    func concaveHull(from low: Double, to high: Double) -> [Point] {
        var within = [Point(spend: low, contribution: contribution(at: low))]
        within += points.filter { low < $0.spend && $0.spend < high }
        if high > low { within.append(Point(spend: high, contribution: contribution(at: high))) }
        var hull: [Point] = []
        for point in within {
            while hull.count > 1 {
                let (a, b) = (hull[hull.count - 2], hull[hull.count - 1])
                let rise = (b.contribution - a.contribution) * (point.spend - b.spend)
                let next = (point.contribution - b.contribution) * (b.spend - a.spend)
                // The corner stays where the slope falls.
                if rise > next { break }
                hull.removeLast()
            }
            hull.append(point)
        }
        return hull
    }
}
