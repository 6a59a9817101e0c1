#include "daemon/membership/name_places.hpp"

#include <algorithm>

namespace p2pd::membership {

namespace {

const NamePlaces::Link* link_of(const NamePlaces::Links& links, const proto::PeerId& id) {
  const auto found = std::ranges::find(links, id, &NamePlaces::Link::id);
  return found == links.end() ? nullptr : &*found;
}

} // namespace

NamePlaces::Place* NamePlaces::find(const io::Endpoint& endpoint) {
  const auto found = std::ranges::find(places_, endpoint, &Place::endpoint);
  return found == places_.end() ? nullptr : &*found;
}

// Whether they differ from the earlier ones.
bool NamePlaces::replace(const std::vector<io::Endpoint>& endpoints) {
  const auto gone = std::erase_if(places_, [&](const Place& place) {
    return std::ranges::find(endpoints, place.endpoint) == endpoints.end();
  });
  const std::size_t before = places_.size();
  for (const io::Endpoint& endpoint : endpoints)
    if (find(endpoint) == nullptr) places_.push_back({endpoint, {}, {}});
  return gone > 0 || places_.size() > before;
}

std::vector<NamePlaces::Step> NamePlaces::lead_to(const std::vector<io::Endpoint>& endpoints,
                                                  const Links& links) {
  const bool moved = replace(endpoints);
  std::vector<Step> steps;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    if (link.kind == Link::Kind::other) continue;
    if (link.kind == Link::Kind::found) {
      if (!is_lost(link)) continue;
      for (Place& place : places_)
        if (place.id == link.id) place.id.reset(); // probe it again
      steps.push_back({What::forget, i});
    } else if (!link.at) {
      if (moved) steps.push_back({What::dial, i});
    } else if (Place* const place = find(*link.at)) {
      place->id = link.id;
    } else {
      steps.push_back({What::prove, i});
    }
  }
  make_room(links, steps);
  return steps;
}

// A connected one stays, and so does an absent one that the name still resolves to.
bool NamePlaces::is_lost(const Link& link) const {
  if (link.at) return false;
  return link.refused || std::ranges::find(places_, link.id, &Place::id) == places_.end();
}

// The name's own link finds nobody if all trackers behind the name are connected through other
// links: then it replaces a discovered one.
void NamePlaces::make_room(const Links& links, std::vector<Step>& steps) const {
  const auto own = std::ranges::find(links, Link::Kind::own, &Link::kind);
  if (own == links.end() || own->at) return;
  const Link* spare = nullptr;
  for (const Place& place : places_) {
    const Link* const link = place.id ? link_of(links, *place.id) : nullptr;
    if (link == nullptr || !link->at) return;
    if (link->kind == Link::Kind::found) spare = link;
  }
  if (spare == nullptr) return;
  steps.push_back({What::forget, static_cast<std::size_t>(spare - links.data())});
  steps.push_back({What::dial, static_cast<std::size_t>(own - links.begin())});
}

// As long as the name's own link is not connected, it may reach any of the addresses itself.
std::optional<io::Endpoint> NamePlaces::probe(const Links& links, io::Time now) {
  const auto own = std::ranges::find(links, Link::Kind::own, &Link::kind);
  if (own == links.end() || !own->at) return std::nullopt;
  for (Place& place : places_) {
    if ((place.id && link_of(links, *place.id) != nullptr) || now < place.next_probe) continue;
    place.next_probe = now + probe_period;
    return place.endpoint;
  }
  return std::nullopt;
}

void NamePlaces::met(const io::Endpoint& at, const proto::PeerId& id) {
  if (Place* const place = find(at)) place->id = id;
}

} // namespace p2pd::membership
