import Kernels

/// One draw after another of a plan, with room for the series of tracks.
struct PlanRun {
    private let media: PlannedMedia
    private let layout: MediaPlanLayout
    private let hasLogLink: Bool
    /// One for all tracks of a shape; with a log link, which takes the media of a geo together, one for each channel.
    private var rooms: [TrackRoom] = []
    private var roomOfTrack: [Int] = []
    /// Derivatives of the exposure in the money of the variable that a cell moves with, and of those once more.
    private var directions: [Double] = []
    private var priceBends: [Double] = []
    private var purchaseSlopes: [Double] = []
    /// By cell, summed over draws.
    private(set) var slopes: [Double] = []
    private(set) var bends: [Double] = []

    init(_ media: PlannedMedia) {
        self.media = media
        layout = media.layout
        hasLogLink = media.model.scaling.hasLogLink
        var known: [[Int]: Int] = [:]
        for track in layout.tracks {
            let shape = hasLogLink ? [track.channel] : [track.weightCount, track.saturatesFirst ? 1 : 0]
            let room = known[shape] ?? rooms.count
            if room == rooms.count {
                known[shape] = room
                rooms.append(TrackRoom(track, periodCount: layout.periodCount))
            }
            roomOfTrack.append(room)
        }
    }

    mutating func setDirection(_ purchase: MediaPlanLayout.Purchase, shares: [Double]) {
        directions = zip(purchase.slopes, shares).map { $0 * $1 }
        priceBends = zip(purchase.bends, shares).map { $0 * $1 * $1 }
        purchaseSlopes = purchase.slopes
        slopes = [Double](repeating: 0, count: directions.count)
        bends = slopes
    }

    /// Revenue of all media at a draw.
    ///
    /// - Parameter channel: of the plan; nil for all of them.
    mutating func revenue(_ purchase: MediaPlanLayout.Purchase, draw: Int, channel: Int?) -> Double {
        let at = media.draws[draw]
        let cellsOfChannel = layout.geoCount * layout.periodCount
        var sum = 0.0
        for geo in 0..<layout.geoCount {
            var terms = 0.0
            for index in tracks(of: geo) {
                let track = layout.tracks[index]
                guard let first = track.firstCell else {
                    if hasLogLink { respond(index, purchase, at) }
                    continue
                }
                if let channel, first / cellsOfChannel != channel { continue }
                respond(index, purchase, at)
                if !hasLogLink { terms += at.heights[index] * Reductions.sum(responses(index)) }
            }
            let kpi = hasLogLink ? grown(geo, at).reduce(0, +) : terms
            sum += layout.revenuePerKPI[geo] * kpi
        }
        return sum
    }

    /// The same, and adds to the derivatives.
    mutating func derive(_ purchase: MediaPlanLayout.Purchase, draw: Int, weight: Double) -> Double {
        let at = media.draws[draw]
        var sum = 0.0
        for geo in 0..<layout.geoCount {
            let value = layout.revenuePerKPI[geo]
            var terms = 0.0
            for index in tracks(of: geo) where layout.tracks[index].firstCell != nil || hasLogLink {
                respond(index, purchase, at)
                guard !hasLogLink else { continue }
                terms += at.heights[index] * Reductions.sum(responses(index))
                if weight != 0 { pullBack(index, at, weight: weight, values: nil, scale: value * at.heights[index]) }
            }
            guard hasLogLink else {
                sum += value * terms
                continue
            }
            let kpi = grown(geo, at)
            sum += value * kpi.reduce(0, +)
            guard weight != 0 else { continue }
            for index in tracks(of: geo) {
                pullBack(index, at, weight: weight, values: kpi, scale: value * at.heights[index])
            }
        }
        return sum
    }

    /// The KPI in the periods of the plan by geo.
    mutating func kpi(_ purchase: MediaPlanLayout.Purchase, draw: Int) -> [[Double]] {
        let at = media.draws[draw]
        let outlook =
            hasLogLink
            ? []
            : ParameterValues(media.model, media.constrained[draw]).baselineOutlook(periodCount: layout.periodCount)
        return (0..<layout.geoCount).map { geo in
            var kpi = hasLogLink ? [] : outlook[geo]
            for index in tracks(of: geo) {
                respond(index, purchase, at)
                let responses = responses(index)
                for period in kpi.indices { kpi[period] += at.heights[index] * responses[period] }
            }
            return hasLogLink ? Array(grown(geo, at).prefix(layout.periodCount)) : kpi
        }
    }

    /// With a log link the KPI without any term of media that money drives, by geo and period.
    mutating func undriven(_ purchase: MediaPlanLayout.Purchase, draw: Int) -> [[Double]] {
        let at = media.draws[draw]
        return (0..<layout.geoCount).map { geo in
            let undriven = tracks(of: geo).filter { layout.tracks[$0].firstCell == nil }
            for index in undriven { respond(index, purchase, at) }
            return grown(geo, at, by: undriven)
        }
    }

    private func tracks(of geo: Int) -> Range<Int> {
        let count = media.model.specification.channels.count
        return geo * count..<(geo + 1) * count
    }

    private mutating func respond(_ index: Int, _ purchase: MediaPlanLayout.Purchase, _ at: PlanDraw) {
        let track = layout.tracks[index]
        let room = roomOfTrack[index]
        if let first = track.firstCell {
            let cells = first..<first + layout.periodCount
            rooms[room].set(
                track.history, planned: purchase.exposures[cells],
                direction: directions.isEmpty ? nil : directions[cells])
        } else {
            rooms[room].set(track.history, planned: track.background[...], direction: nil)
        }
        rooms[room].respond(track, weights: at.weights[index], curve: at.curves[index])
    }

    /// A room itself is not handed out: it would be copied.
    private func responses(_ track: Int) -> [Double] { rooms[roomOfTrack[track]].responses }

    /// With a log link the KPI by period from the terms of all tracks of a geo.
    private func grown(_ geo: Int, _ at: PlanDraw) -> [Double] { grown(geo, at, by: tracks(of: geo)) }

    private func grown(_ geo: Int, _ at: PlanDraw, by tracks: some Sequence<Int>) -> [Double] {
        at.levels[geo].enumerated().map { period, level in
            var term = 0.0
            for index in tracks where period < rooms[roomOfTrack[index]].periodCount {
                term += at.heights[index] * rooms[roomOfTrack[index]].responses[period]
            }
            return level * Elementary.exp(term)
        }
    }

    /// - Parameter values: by period, what a term of 1 is worth; nil for 1.
    private mutating func pullBack(_ index: Int, _ at: PlanDraw, weight: Double, values: [Double]?, scale: Double) {
        guard let first = layout.tracks[index].firstCell else { return }
        let room = roomOfTrack[index]
        rooms[room].pullBack(layout.tracks[index], weights: at.weights[index], values: values)
        let (own, size) = (weight * scale, abs(weight * scale))
        let (roomSlopes, roomBends) = (rooms[room].slopes, rooms[room].bends)
        for period in 0..<layout.periodCount {
            let cell = first + period
            let slope = roomSlopes[period]
            slopes[cell] += own * slope * purchaseSlopes[cell]
            bends[cell] += size * (roomBends[period] * directions[cell] + slope * priceBends[cell])
        }
    }
}
