#include "daemon/tracker/moderator.hpp"

#include "daemon/base/log.hpp"

#include <ctime>

namespace p2pd::tracker {

namespace log = base::log;
using state::StateDb;

// All of them are its own, even those made under another identity.
void Moderator::restore(const std::vector<state::BanRecord>& bans) {
  for (const state::BanRecord& ban : bans) {
    tracker_.bans().put(ban);
    sessions_.ban(ban.id);
  }
}

void Moderator::kick(const PeerId& id) {
  net::Session* const session = sessions_.find(id);
  if (session == nullptr) return;
  log::info("tracker", "kicked {}, {}", session->hello().name, to_text(id));
  session->close(proto::Reason::refused, "kicked");
}

void Moderator::ban(const PeerId& id, const std::string& name, const Done& done) {
  const state::BanRecord ban{id, sessions_.id(), name,
                             static_cast<std::int64_t>(std::time(nullptr))};
  state_.change(
      StateDb::Durable::yes, [ban](state::StateStore& store) { store.put_ban(ban); },
      [this, ban, done](const disk::Outcome& outcome) {
        if (outcome) {
          log::info("tracker", "banned {} {}", to_text(ban.id), ban.name);
          tracker_.bans().put(ban);
          sessions_.ban(ban.id);
          push({false, {ban.id}, {}});
        }
        done(outcome);
      });
}

void Moderator::lift(const PeerId& id, const Done& done) {
  state_.change(
      StateDb::Durable::yes, [id](state::StateStore& store) { store.remove_bans(id); },
      [this, id, done](const disk::Outcome& outcome) {
        if (outcome) {
          log::info("tracker", "lifted the ban of {}", to_text(id));
          tracker_.bans().remove(id);
          sessions_.lift_ban(id);
          push({false, {}, {id}});
        }
        done(outcome);
      });
}

void Moderator::push(const proto::Ban& change) {
  for (const auto& [id, session] : tracker_.registry().members()) session->send(change);
}

} // namespace p2pd::tracker
