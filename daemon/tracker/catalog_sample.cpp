// The catalog, asked for somebody to fetch a content from.
//
// Of many holders a peer needs a few, and not the same as all others: those who have what hardly
// anybody has, so that it spreads and each part of a swarm can become whole; those at its own site;
// and any, so that the load is spread.
#include "daemon/tracker/catalog.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::tracker {

namespace {

// More holders are not looked at, from a random one on: their order says nothing, and the tracker
// has no time to look at thousands for each of thousands that ask.
constexpr std::size_t most_looked_at = 1000;

struct Candidate {
  Catalog::Found found;
  bool rare; // it has what is rare
  bool near;
};

} // namespace

std::vector<Catalog::Found> Catalog::sample(const ContentId& id, const PeerId& asker,
                                            const Near& near, std::size_t limit,
                                            std::minstd_rand& chance) const {
  const auto content = contents_.find(id);
  if (content == contents_.end()) return {};
  const Holders& holders = content->second.holders;
  const std::span<const Holders::Use> uses = holders.uses();
  const auto rare = uses.size() > limit ? holders.rare_chunk(chance()) : std::nullopt;
  std::vector<Candidate> candidates;
  // A holder's uses stand together, so it begins with the first one of a holder.
  const auto first = holders.uses_of(*uses[chance() % uses.size()].holder).data() - uses.data();
  const Holder* last = nullptr;
  for (std::size_t i = 0; i < std::min(uses.size(), most_looked_at); ++i) {
    const Holder* const holder = uses[(static_cast<std::size_t>(first) + i) % uses.size()].holder;
    if (std::exchange(last, holder) == holder || *holder->id == asker) continue;
    const proto::ChunkSet* const part = holders.part_of(*holder);
    candidates.push_back({{*holder->id, part == nullptr},
                          part == nullptr || (rare && part->has(*rare)),
                          near(*holder->id)});
  }
  if (candidates.size() > limit) {
    const auto begin = candidates.begin(), end = candidates.end();
    std::shuffle(begin, end, chance);
    const auto rare_end = std::partition(begin, end, std::mem_fn(&Candidate::rare));
    const auto rest = begin + std::min(static_cast<std::ptrdiff_t>(limit / 3), rare_end - begin);
    const auto near_end = std::partition(rest, end, std::mem_fn(&Candidate::near));
    std::shuffle(near_end, end, chance); // those with rare chunks came to stand first
    candidates.resize(limit);
  }
  std::vector<Found> found;
  for (const Candidate& candidate : candidates) found.push_back(candidate.found);
  return found;
}

} // namespace p2pd::tracker
