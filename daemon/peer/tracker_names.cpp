#include "daemon/peer/tracker_names.hpp"

#include "daemon/base/log.hpp"

#include <set>

namespace p2pd::peer {

namespace {

constexpr io::milliseconds name_period{2500};
constexpr std::chrono::seconds reprobe_period{30}; // of an address where nobody answered

bool among(const std::vector<io::Endpoint>& endpoints, const io::Endpoint& endpoint) {
  return std::ranges::find(endpoints, endpoint) != endpoints.end();
}

base::HostPort host_port(const io::Endpoint& endpoint) {
  return {endpoint.host(), endpoint.port()};
}

bool same_set(const std::vector<io::Endpoint>& one, const std::vector<io::Endpoint>& other) {
  return one.size() == other.size() &&
         std::ranges::all_of(one, [&](const io::Endpoint& each) { return among(other, each); });
}

} // namespace

class TrackerNames::Name final : private net::Dialer::Owner {
 public:
  Name(TrackerNames& all, base::HostPort name)
      : trackers_(all.trackers_)
      , name_(std::move(name))
      , resolver_(all.loop_, io::bind<&Name::on_found>(this))
      , probe_(all.loop_, all.sessions_, *this) {}
  ~Name() = default;

  void look() {
    if (!resolver_.running()) resolver_.look_up(name_);
  }
  // The name means nothing any more; neither do those that were found behind it.
  void leave() {
    for (TrackerLink* const link : links([](const KnownTracker& each) { return each.found; }))
      trackers_.remove(*link);
  }

 private:
  struct Place { // an address that the name leads to
    io::Endpoint endpoint;
    std::optional<PeerId> id; // who was met there
    io::Time next_probe{};
  };

  void on_found(std::vector<io::Endpoint> endpoints, std::error_code) {
    if (endpoints.empty()) return; // what was known is better than nothing
    const bool moved = !same_set(endpoints, endpoints_);
    endpoints_ = std::move(endpoints);
    std::erase_if(places_, [&](const Place& place) { return !among(endpoints_, place.endpoint); });
    for (const io::Endpoint& endpoint : endpoints_)
      if (std::ranges::find(places_, endpoint, &Place::endpoint) == places_.end())
        places_.push_back({endpoint, {}, {}});
    for (TrackerLink* const link : links([](const KnownTracker& each) { return !each.found; }))
      follow(*link, moved);
    forget_lost();
    make_room();
    probe();
  }

  template <class Which>
  std::vector<TrackerLink*> links(Which&& which) const {
    std::vector<TrackerLink*> chosen;
    for (const auto& link : trackers_.links()) {
      const KnownTracker& tracker = link->tracker();
      const bool mine =
          tracker.found ? tracker.found == name_
                        : std::ranges::find(tracker.addresses, name_) != tracker.addresses.end();
      if (mine && which(tracker)) chosen.push_back(link.get());
    }
    return chosen;
  }
  // The one that stands for the name in the config or in the database, unless it is pinned.
  TrackerLink* first() const {
    const auto open =
        links([](const KnownTracker& each) { return !each.found && !each.id.has_value(); });
    return open.empty() ? nullptr : open.front();
  }
  TrackerLink* holder(const PeerId& id) const {
    for (const auto& link : trackers_.links())
      if (link->remote_id() == id) return link.get();
    return nullptr;
  }

  void follow(TrackerLink& link, bool moved) {
    if (link.session() == nullptr) {
      if (moved) link.dial_now();
      return;
    }
    const io::Endpoint at = link.session()->remote();
    if (!among(endpoints_, at)) return link.prove_alive();
    for (Place& place : places_)
      if (place.endpoint == at) place.id = link.session()->id();
  }

  void forget_lost() {
    for (TrackerLink* const link : links([](const KnownTracker& each) { return each.found; })) {
      const bool led_to = std::ranges::any_of(
          places_, [&](const Place& place) { return place.id == link->tracker().id; });
      if (link->session() != nullptr || (led_to && link->state() != TrackerLink::State::refused))
        continue;
      for (Place& place : places_)
        if (place.id == link->tracker().id) place.id.reset();
      trackers_.remove(*link);
    }
  }

  // The name's own link goes nowhere, since all trackers behind the name are connected as others:
  // one of them becomes its own.
  void make_room() {
    TrackerLink* const own = first();
    if (own == nullptr || own->session() != nullptr || places_.empty()) return;
    TrackerLink* spare = nullptr;
    for (const Place& place : places_) {
      TrackerLink* const link = place.id ? holder(*place.id) : nullptr;
      if (link == nullptr || link->session() == nullptr) return;
      if (link->tracker().found == name_) spare = link;
    }
    if (spare == nullptr) return;
    trackers_.remove(*spare);
    own->dial_now();
  }

  // One address after the other, each by itself: it is to be told apart from the others.
  void probe() {
    const TrackerLink* const own = first();
    if (own == nullptr || own->state() != TrackerLink::State::connected || probe_.busy()) return;
    const io::Time now = io::Clock::now();
    for (Place& place : places_) {
      if ((place.id && holder(*place.id) != nullptr) || now < place.next_probe) continue;
      place.next_probe = now + reprobe_period;
      probed_ = place.endpoint;
      return probe_.reach({host_port(place.endpoint)}, std::nullopt);
    }
  }
  void met(const PeerId& id) {
    for (Place& place : places_)
      if (place.endpoint == probed_) place.id = id;
  }

  void on_reached(net::Session& session) override {
    met(session.id());
    if (session.hello().role == proto::Role::tracker)
      trackers_.add_found({.addresses = {host_port(probed_)}, .id = session.id(), .found = name_},
                          session);
    else
      session.close(proto::Reason::refused, "it is a peer, not a tracker");
    probe();
  }
  void on_unreachable(const std::string& cause) override {
    base::log::debug("trackers", "{} behind {}: {}", probed_.text(), to_text(name_), cause);
    if (const auto& who = probe_.attempts().back().who) met(*who); // a known one's other address
    probe();
  }

  Trackers& trackers_;
  const base::HostPort name_;
  std::vector<io::Endpoint> endpoints_;
  std::vector<Place> places_;
  io::Endpoint probed_;
  io::Resolver resolver_;
  net::Dialer probe_;
};

TrackerNames::TrackerNames(io::Loop& loop, net::SessionSet& sessions, Trackers& trackers)
    : loop_(loop)
    , sessions_(sessions)
    , trackers_(trackers)
    , look_(loop, io::bind<&TrackerNames::look>(this)) {}

TrackerNames::~TrackerNames() = default;

void TrackerNames::start() {
  if (!look_.active()) look_.every(name_period);
}

void TrackerNames::stop() {
  look_.stop();
  names_.clear();
}

void TrackerNames::look() {
  std::set<base::HostPort> wanted;
  for (const auto& link : trackers_.links())
    if (!link->tracker().found)
      for (const base::HostPort& address : link->tracker().addresses)
        if (!io::Endpoint::from(address)) wanted.insert(address);
  for (auto at = names_.begin(); at != names_.end();) {
    if (wanted.contains(at->first)) {
      ++at;
      continue;
    }
    at->second->leave();
    at = names_.erase(at);
  }
  for (const base::HostPort& address : wanted) {
    auto& name = names_[address];
    if (name == nullptr) name = std::make_unique<Name>(*this, address);
    name->look();
  }
}

} // namespace p2pd::peer
