// The addresses that one host name leads to and the trackers that were met there: what to do about
// the links to them. Pure: answers, links and the time go in, decisions come out. A value.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/loop.hpp"
#include "proto/ids.hpp"

#include <optional>
#include <vector>

namespace p2pd::membership {

class NamePlaces final {
 public:
  static constexpr std::chrono::seconds probe_period{30}; // of an address where nobody answered

  // The link to a tracker, as far as it matters here.
  struct Link {
    enum class Kind : std::uint8_t {
      own,    // stands for the name, whoever is behind it
      pinned, // has the name among its addresses, and an id
      found,  // was found behind the name
      other,
    };
    Kind kind = Kind::other;
    std::optional<proto::PeerId> id; // of the tracker, as far as it is known
    std::optional<io::Endpoint> at;  // while it is connected
    bool refused = false;            // somebody else is at its address
  };
  using Links = std::vector<Link>;

  enum class What : std::uint8_t {
    dial,   // at once, whatever the back-off says
    prove,  // that it is alive
    forget, // it is no tracker of this name any more
  };
  struct Step {
    What what;
    std::size_t link; // its place in Links
    bool operator==(const Step&) const = default;
  };

  // The name was looked up and leads to these, one at least.
  std::vector<Step> lead_to(const std::vector<io::Endpoint>& endpoints, const Links& links);
  // The address to try next, to learn who is there.
  std::optional<io::Endpoint> probe(const Links& links, io::Time now);
  void met(const io::Endpoint& at, const proto::PeerId& id);

 private:
  struct Place {
    io::Endpoint endpoint;
    std::optional<proto::PeerId> id; // who was met there
    io::Time next_probe{};
  };

  Place* find(const io::Endpoint& endpoint);
  bool replace(const std::vector<io::Endpoint>& endpoints);
  bool is_lost(const Link& link) const;
  void make_room(const Links& links, std::vector<Step>& steps) const;

  std::vector<Place> places_;
};

} // namespace p2pd::membership
