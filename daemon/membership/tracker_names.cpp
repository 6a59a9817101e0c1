#include "daemon/membership/tracker_names.hpp"

#include "daemon/base/log.hpp"
#include "daemon/membership/name_places.hpp"

#include <set>

namespace p2pd::membership {

namespace {

constexpr io::milliseconds name_period{2500};

} // namespace

class TrackerNames::Name final : private net::Dialer::Owner {
 public:
  Name(TrackerNames& all, base::HostPort name)
      : trackers_(all.trackers_)
      , name_(std::move(name))
      , resolver_(all.loop_, io::bind<&Name::on_found>(this))
      , probe_(all.loop_, all.sessions_, *this, net::Purpose::tracker) {}
  ~Name() = default;

  void look() {
    if (!resolver_.running()) resolver_.look_up(name_);
  }
  // The name is not used any more; nor are the trackers discovered behind it.
  void leave() {
    for (TrackerLink* const link : links())
      if (kind_of(*link) == Kind::found) trackers_.remove(*link);
  }

 private:
  using Kind = NamePlaces::Link::Kind;

  // Without an answer, the earlier addresses stay.
  void on_found(std::vector<io::Endpoint> endpoints, std::error_code) {
    if (endpoints.empty()) return;
    const std::vector<TrackerLink*> all = links();
    for (const auto& [what, which] : places_.lead_to(endpoints, seen(all))) {
      if (what == NamePlaces::What::dial) all[which]->dial_now();
      if (what == NamePlaces::What::prove) all[which]->prove_alive();
      if (what == NamePlaces::What::forget) trackers_.remove(*all[which]);
    }
    probe();
  }

  std::vector<TrackerLink*> links() const {
    std::vector<TrackerLink*> all;
    for (const auto& link : trackers_.links()) all.push_back(link.get());
    return all;
  }
  Kind kind_of(const TrackerLink& link) const {
    const KnownTracker& tracker = link.tracker();
    if (tracker.found) return tracker.found == name_ ? Kind::found : Kind::other;
    if (std::ranges::find(tracker.addresses, name_) == tracker.addresses.end()) return Kind::other;
    return tracker.id ? Kind::pinned : Kind::own;
  }
  NamePlaces::Links seen(const std::vector<TrackerLink*>& all) const {
    NamePlaces::Links seen;
    for (const TrackerLink* const link : all)
      seen.push_back(
          {kind_of(*link), link->remote_id(),
           link->session() == nullptr ? std::optional<io::Endpoint>() : link->session()->remote(),
           link->state() == TrackerLink::State::refused});
    return seen;
  }

  // One address at a time, so that they can be told apart.
  void probe() {
    if (probe_.busy()) return;
    const auto next = places_.probe(seen(links()), io::Clock::now());
    if (!next) return;
    probed_ = *next;
    probe_.reach({{probed_.host(), probed_.port()}}, std::nullopt);
  }

  void on_reached(net::Session& session) override {
    places_.met(probed_, session.id());
    if (session.hello().role == proto::Role::tracker)
      trackers_.add_found(
          {.addresses = {{probed_.host(), probed_.port()}}, .id = session.id(), .found = name_},
          session);
    else
      session.close(proto::Reason::refused, "it is a peer, not a tracker");
    probe();
  }
  void on_unreachable(const std::string& cause) override {
    base::log::debug("trackers", "{} behind {}: {}", probed_.text(), to_text(name_), cause);
    // It may be another address of a known tracker. Without a free connection nothing was tried.
    if (const auto& tried = probe_.attempts(); !tried.empty() && tried.back().who)
      places_.met(probed_, *tried.back().who);
    probe();
  }

  Trackers& trackers_;
  const base::HostPort name_;
  NamePlaces places_;
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

} // namespace p2pd::membership
