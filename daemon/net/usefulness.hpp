// Which link to evict when all connections are in use and another one is needed, and which to close
// because nobody needs them. Pure; the time is passed in.
//
// Ids are free and ports nearly so, but addresses are not: a compromised machine has one, or those
// of its network. So the network with the most links loses one to the network with the fewest,
// whatever the links are used for, counted by /24 networks of IPv4 (/48 of IPv6), and within a
// network by address (/64). Between equals no link in use is evicted.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/loop.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace p2pd::net {

// How many unneeded links are kept, because they may be needed again.
constexpr std::size_t kept_idle = 8;

// The remote end of a link.
struct Whence {
  std::uint64_t site = 0;    // io::Endpoint::site()
  std::uint64_t network = 0; // io::Endpoint::network()

  Whence() = default;
  Whence(std::uint64_t its_site, std::uint64_t its_network)
      : site(its_site), network(its_network) {}
  explicit Whence(const io::Endpoint& at) : site(at.site()), network(at.network()) {}
};

// How useful a link is.
struct Usefulness {
  bool busy = false;   // it has requests or data in flight
  bool wanted = false; // one side wants something that the other may have
  io::Time used{};     // the last request
  Whence from{};
};

// A link that was used this recently may soon be used again.
constexpr io::Clock::duration recent = std::chrono::seconds(5);

// Links by their remote ends, including the new one.
class Crowding final {
 public:
  Crowding(std::span<const Usefulness> links, const Whence& newcomer) : newcomer_(newcomer) {
    count(newcomer);
    for (const Usefulness& link : links) count(link.from);
  }
  // Below 0: fewer links from there than from the newcomer's network or address; above: more.
  int compare(const Whence& from) const {
    const bool other_site = from.site != newcomer_.site;
    const std::size_t has = other_site ? sites_.at(from.site) : networks_.at(from.network);
    const std::size_t own =
        other_site ? sites_.at(newcomer_.site) : networks_.at(newcomer_.network);
    return has == own ? 0 : has < own ? -1 : 1;
  }
  auto crowd(const Whence& from) const {
    return std::pair(sites_.at(from.site), networks_.at(from.network));
  }

 private:
  void count(const Whence& from) {
    ++sites_[from.site];
    ++networks_[from.network];
  }

  Whence newcomer_;
  std::map<std::uint64_t, std::size_t> sites_, networks_;
};

// The index of the link to evict. `must`: the newcomer has to be admitted.
inline std::optional<std::size_t> least_useful(std::span<const Usefulness> links,
                                               const Whence& newcomer, io::Time now, bool must) {
  const Crowding crowding(links, newcomer);
  std::optional<std::size_t> least;
  const auto rank = [&](const Usefulness& link) {
    const bool crowded = crowding.compare(link.from) > 0;
    const auto [site, network] = crowded ? crowding.crowd(link.from) : std::pair{0UL, 0UL};
    return std::tuple(!crowded, -static_cast<std::int64_t>(site),
                      -static_cast<std::int64_t>(network), link.busy, link.wanted, link.used);
  };
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Usefulness& link = links[i];
    const int order = crowding.compare(link.from);
    const bool in_use = link.busy || now - link.used < recent;
    if (!must && (order < 0 || (order == 0 && in_use))) continue;
    if (!least || rank(link) < rank(links[*least])) least = i;
  }
  return least;
}

// The indices of the links that nobody needs: neither side wants anything of the other, e.g. both
// have the whole content. The `kept_idle` most recently used ones stay, and any used a moment ago.
inline std::vector<std::size_t> unneeded(std::span<const Usefulness> links, io::Time now) {
  std::vector<std::size_t> idle;
  for (std::size_t i = 0; i < links.size(); ++i)
    if (!links[i].busy && !links[i].wanted) idle.push_back(i);
  if (idle.size() <= kept_idle) return {};
  std::ranges::sort(idle, std::ranges::greater(), [&](std::size_t i) { return links[i].used; });
  idle.erase(idle.begin(), idle.begin() + kept_idle);
  std::erase_if(idle, [&](std::size_t i) { return now - links[i].used < recent; });
  return idle;
}

} // namespace p2pd::net
