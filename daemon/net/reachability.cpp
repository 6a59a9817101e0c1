#include "daemon/net/reachability.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <stdexcept>

namespace p2pd::net {

namespace {

bool is_up(const io::Endpoint& at, const std::vector<io::Endpoint>& interfaces) {
  return at.unspecified() || at.loopback() ||
         std::ranges::any_of(interfaces,
                             [&](const io::Endpoint& own) { return own.host() == at.host(); });
}

// Whether one who is seen at `viewer` is within the scope of an address, whose zone is this
// machine's.
bool reaches(Scope scope, std::uint32_t zone, const io::Endpoint& viewer) {
  if (scope == Scope::everybody) return true;
  if (scope == Scope::machine) return viewer.loopback();
  return viewer.link_local() && viewer.zone() == zone;
}

void add(std::vector<std::string>& addresses, std::string address) {
  if (std::ranges::find(addresses, address) == addresses.end())
    addresses.push_back(std::move(address));
}

std::string listed(const std::vector<io::Endpoint>& addresses) {
  std::vector<std::string> texts;
  for (const io::Endpoint& address : addresses) texts.push_back(address.text());
  return fmt::format("{}", fmt::join(texts, ", "));
}

constexpr std::string_view set_advertise = "set [network] advertise to the address that others "
                                           "dial";

void explain(Standing& found, const Whereabouts& own) {
  if (!found.addresses.empty() && found.scope == Scope::everybody) return;
  const bool local = std::ranges::all_of(own.listening, &io::Endpoint::loopback);
  if (own.listening.empty()) {
    found.lack = "this node does not listen";
    found.remedy = "see its log";
  } else if (local) {
    found.lack = fmt::format("it listens on its loopback interface alone, at {}, which no other "
                             "machine reaches",
                             listed(own.listening));
    found.remedy = "take [network] listen out of the config, or set an address of this machine "
                   "there, and restart p2pd";
  } else if (const auto missing = not_up(own.listening, own.interfaces); !missing.empty()) {
    found.lack = fmt::format("{} is not an address of this machine yet", listed(missing));
    found.remedy = "bring its interface up, or correct [network] listen";
  } else if (found.scope == Scope::link && !found.addresses.empty()) {
    found.lack = "this machine has link-local addresses alone, which only those on the same link "
                 "reach";
    found.remedy = fmt::format("give it an address, or {}", set_advertise);
  } else {
    found.lack = "this machine has no network yet: none of its interfaces has an address that "
                 "others can dial";
    found.remedy = fmt::format("connect it to a network, or {}", set_advertise);
  }
}

} // namespace

Scope scope_of(const io::Endpoint& address) {
  if (address.loopback()) return Scope::machine;
  return address.link_local() ? Scope::link : Scope::everybody;
}

std::optional<Scope> scope_of(std::string_view address) try {
  const base::HostPort parsed = base::parse_dial_address(address);
  const auto literal = io::Endpoint::from(parsed);
  if (!literal) return parsed.host == "localhost" ? Scope::machine : Scope::everybody;
  return scope_of(*literal);
} catch (const std::invalid_argument&) {
  return std::nullopt;
}

std::string without_zone(std::string_view address) {
  std::string text(address);
  const std::size_t zone = text.find('%');
  if (zone == std::string::npos) return text;
  return text.erase(zone, text.find(']', zone) - zone);
}

std::vector<io::Endpoint> open_at(const std::vector<io::Endpoint>& listening,
                                  const std::vector<io::Endpoint>& interfaces) {
  std::vector<io::Endpoint> open;
  for (const io::Endpoint& at : listening) {
    if (!at.unspecified() && is_up(at, interfaces)) open.push_back(at);
    if (!at.unspecified()) continue;
    for (const io::Endpoint& own : interfaces)
      if (own.v6() == at.v6()) open.push_back(own.with_port(at.port()));
  }
  return open;
}

std::vector<io::Endpoint> not_up(const std::vector<io::Endpoint>& listening,
                                 const std::vector<io::Endpoint>& interfaces) {
  std::vector<io::Endpoint> missing;
  for (const io::Endpoint& at : listening)
    if (!is_up(at, interfaces)) missing.push_back(at);
  return missing;
}

std::uint16_t port_for(const std::vector<io::Endpoint>& listening, const io::Endpoint& local) {
  for (const io::Endpoint& at : listening)
    if (at.v6() == local.v6() && (at.unspecified() || at.host() == local.host())) return at.port();
  return 0;
}

std::vector<std::string> told_to(const Whereabouts& own, const io::Endpoint& viewer) {
  std::vector<std::string> addresses;
  for (const std::string& address : own.advertise) {
    const auto scope = scope_of(address);
    if (scope && reaches(*scope, viewer.zone(), viewer)) add(addresses, without_zone(address));
  }
  if (!own.advertise.empty()) return addresses;
  for (const io::Endpoint& at : open_at(own.listening, own.interfaces))
    if (reaches(scope_of(at), at.zone(), viewer)) add(addresses, at.in_zone(0).text());
  return addresses;
}

bool may_hand_on(std::string_view address, const io::Endpoint& node, const io::Endpoint& viewer) {
  const auto scope = scope_of(address);
  return scope && reaches(*scope, node.zone(), viewer);
}

std::string most_public(const proto::PeerInfo& node) {
  std::string best;
  std::optional<Scope> widest;
  for (const proto::Address& address : node.addresses)
    if (const auto scope = scope_of(address); scope && (!widest || *scope > *widest)) {
      widest = scope;
      best = address;
    }
  return best;
}

Standing standing(const Whereabouts& own) {
  std::vector<std::string> all;
  for (const std::string& address : own.advertise) add(all, without_zone(address));
  for (const io::Endpoint& at : open_at(own.listening, own.interfaces))
    add(all, at.in_zone(0).text());
  Standing found;
  for (const Scope scope : {Scope::everybody, Scope::link, Scope::machine}) {
    found.scope = scope;
    for (const std::string& address : all)
      if (scope_of(address) == scope) found.addresses.push_back(address);
    if (!found.addresses.empty()) break;
  }
  explain(found, own);
  return found;
}

} // namespace p2pd::net
