#include "daemon/membership/known_names.hpp"

namespace p2pd::membership {

namespace {

constexpr std::size_t most_met = 10'000;

} // namespace

void KnownNames::restore(const std::vector<state::NameRecord>& names) {
  for (const state::NameRecord& record : names) ids_.emplace(record.name, record.id);
}

std::optional<proto::PeerId> KnownNames::of(std::string_view name) const {
  const auto known = ids_.find(name);
  return known == ids_.end() ? std::nullopt : std::optional(known->second);
}

void KnownNames::met(const std::string& name, const proto::PeerId& id) {
  if (ids_.size() < most_met) add(name, id);
}

void KnownNames::meant(const std::string& name, const proto::PeerId& id) {
  add(name, id);
}

void KnownNames::add(const std::string& name, const proto::PeerId& id) {
  if (name.empty() || !ids_.emplace(name, id).second) return;
  state_.change(
      state::StateDb::Durable::no,
      [record = state::NameRecord{name, id}](state::StateStore& store) { store.put_name(record); });
}

} // namespace p2pd::membership
