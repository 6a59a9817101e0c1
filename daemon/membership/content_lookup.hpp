// Which content a word of a command means, among those of this node and those that the trackers
// list (daemon/lookup/contents.hpp). Once a peer's name was resolved, it keeps meaning that peer.
// Loop thread only.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/lookup/contents.hpp"
#include "daemon/membership/acquaintances.hpp"
#include "daemon/membership/trackers.hpp"

namespace p2pd::membership {

using library::Failure;

struct ContentLookupDeps {
  const net::SessionSet& sessions;
  state::StateDb& state;
  library::Library& library;
  Trackers& trackers;
  KnownNames& names;
  const Acquaintances& acquaintances;
};

class ContentLookup final {
 public:
  explicit ContentLookup(const ContentLookupDeps& deps) : deps_(deps) {}
  ContentLookup(const ContentLookup&) = delete;
  ContentLookup& operator=(const ContentLookup&) = delete;

  // `none`: the failure if nothing matches.
  using Done = std::function<void(const lookup::Meaning&)>;
  void find(const std::string& word, const Failure& none,
            const Done& done); // here and at the trackers
  void find_listed(const std::string& word, const Failure& none,
                   const Done& done);                                            // at the trackers
  void find_own(const std::string& word, const Failure& none, const Done& done); // in the library

 private:
  using Found = std::function<void(lookup::Contents)>;
  void of_library(const std::string& word, const Found& found);
  lookup::Contents own(const std::vector<const library::Item*>& items) const;
  lookup::Node node_of(const proto::PeerId& id) const;
  void choose(const lookup::Contents& contents, const std::string& word, const Failure& none,
              const Done& done);

  const ContentLookupDeps deps_;
  io::Alive<ContentLookup> alive_{this};
};

} // namespace p2pd::membership
