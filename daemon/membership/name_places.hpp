// The addresses that one host name resolves to, the trackers that were met there, and what to do
// about the links to them. Pure: answers, links and the time go in, decisions come out. A value.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/loop.hpp"
#include "proto/ids.hpp"

#include <optional>
#include <vector>

namespace p2pd::membership {

class NamePlaces final {
 public:
  static constexpr std::chrono::seconds probe_period{30}; // for an address where nobody answered

  // What matters here of the link to a tracker.
  struct Link {
    enum class Kind : std::uint8_t {
      own,    // represents the name, whoever is behind it
      pinned, // has the name among its addresses, and a known id
      found,  // discovered behind the name
      other,
    };
    Kind kind = Kind::other;
    std::optional<proto::PeerId> id; // of the tracker, if known
    std::optional<io::Endpoint> at;  // while it is connected
    bool refused = false;            // another node is at its address
  };
  using Links = std::vector<Link>;

  enum class What : std::uint8_t {
    dial,   // at once, regardless of back-off
    prove,  // check that it is alive
    forget, // it is not a tracker of this name any more
  };
  struct Step {
    What what;
    std::size_t link; // index in Links
    bool operator==(const Step&) const = default;
  };

  // The name was resolved to these, at least one.
  std::vector<Step> lead_to(const std::vector<io::Endpoint>& endpoints, const Links& links);
  // The address to probe next, to learn which node is there.
  std::optional<io::Endpoint> probe(const Links& links, io::Time now);
  void met(const io::Endpoint& at, const proto::PeerId& id);

 private:
  struct Place {
    io::Endpoint endpoint;
    std::optional<proto::PeerId> id; // the node that was met there
    io::Time next_probe{};
  };

  Place* find(const io::Endpoint& endpoint);
  bool replace(const std::vector<io::Endpoint>& endpoints);
  bool is_lost(const Link& link) const;
  void make_room(const Links& links, std::vector<Step>& steps) const;

  std::vector<Place> places_;
};

} // namespace p2pd::membership
