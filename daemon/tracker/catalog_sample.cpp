// The catalog: whom to fetch a content from, as swarm::sample decides.
#include "daemon/swarm/sample.hpp"
#include "daemon/tracker/catalog.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::tracker {

namespace {

// At most so many holders are considered, from a random one on: their order means nothing, and the
// tracker has no time to consider thousands for each of thousands of queries.
constexpr std::size_t most_looked_at = 1000;

} // namespace

// If announcements contradict each other, each shape gets an equal share: the manifest tells the
// asker which is right.
std::vector<Catalog::Found> Catalog::sample(const ContentId& id, const PeerId& asker,
                                            const Near& near, std::size_t limit,
                                            std::minstd_rand& chance) const {
  std::vector<const AnnouncedContent*> contents;
  each_of(id, [&](const AnnouncedContent& content) {
    contents.push_back(&content);
    return true;
  });
  if (contents.size() == 1) return sample(*contents.front(), asker, near, limit, chance);
  std::shuffle(contents.begin(), contents.end(), chance);
  std::vector<Found> found;
  for (std::size_t i = 0; i < contents.size() && found.size() < limit; ++i) {
    const std::size_t part = (limit - found.size() - 1) / (contents.size() - i) + 1;
    for (const Found& one : sample(*contents[i], asker, near, part, chance)) found.push_back(one);
  }
  return found;
}

std::vector<Catalog::Found> Catalog::sample(const AnnouncedContent& content, const PeerId& asker,
                                            const Near& near, std::size_t limit,
                                            std::minstd_rand& chance) const {
  const Holders& holders = content.holders;
  const std::span<const Holders::Use> uses = holders.uses();
  const auto rare = uses.size() > limit ? holders.rare_chunk(chance()) : std::nullopt;
  std::vector<Found> holding;
  std::vector<swarm::Candidate> candidates;
  // A holder's uses are adjacent, so begin with the first use of a holder.
  const auto first = holders.uses_of(*uses[chance() % uses.size()].holder).data() - uses.data();
  const Holder* last = nullptr;
  for (std::size_t i = 0; i < std::min(uses.size(), most_looked_at); ++i) {
    const Holder* const holder = uses[(static_cast<std::size_t>(first) + i) % uses.size()].holder;
    if (std::exchange(last, holder) == holder || *holder->id == asker) continue;
    const proto::ChunkSet* const part = holders.part_of(*holder);
    candidates.push_back({.number = static_cast<std::uint32_t>(holding.size()),
                          .rare = part == nullptr || (rare && part->has(*rare)),
                          .near = near(*holder->id)});
    holding.push_back({*holder->id, part == nullptr});
  }
  swarm::sample(candidates, limit, chance);
  std::vector<Found> found;
  for (const swarm::Candidate& candidate : candidates) found.push_back(holding[candidate.number]);
  return found;
}

} // namespace p2pd::tracker
