#include "daemon/control/watchers.hpp"

#include "daemon/control/peer_lookup.hpp"

namespace p2pd::control {

namespace {

// "came, left and lost".
std::string listed_words() {
  std::string list(proto::event_words.front());
  for (std::size_t i = 1; i < proto::event_words.size(); ++i)
    list +=
        (i + 1 < proto::event_words.size() ? ", " : " and ") + std::string(proto::event_words[i]);
  return list;
}

// The bits of those that the filter names; 0 where one is no kind, and the call is answered.
std::uint32_t kinds_of(const CallPtr& call) {
  const Value& filter = call->params()["filter"];
  if (filter.is_null()) return proto::all_events;
  std::uint32_t kinds = 0;
  for (const Value& word : filter.array()) {
    const auto kind = proto::event_kind(word.text());
    if (!kind) {
      call->error({ExitCode::usage, '"' + proto::printable(word.text()) + "\" is no kind of event",
                   "choose from " + listed_words()});
      return 0;
    }
    kinds |= bit(*kind);
  }
  return kinds;
}

Value brief_value(const proto::CatalogEntry& file) {
  return {
      {"name", Value::name(file.name.bytes)}, {"id", to_text(file.content)}, {"size", file.size}};
}

} // namespace

void Watchers::add(const CallPtr& call) {
  if (const std::uint32_t kinds = kinds_of(call)) watchers_.push_back({call, kinds});
  sum_up();
}

void Watchers::sum_up() {
  std::erase_if(watchers_, [](const Watcher& watcher) { return watcher.call->gone(); });
  std::uint32_t kinds = 0;
  for (const Watcher& watcher : watchers_) kinds |= watcher.kinds;
  if (std::exchange(kinds_, kinds) != kinds) changed_(kinds);
}

void Watchers::tell(EventKind kind, const Value& event) {
  if ((kinds_ & bit(kind)) == 0) return;
  Value body{{"time", timestamp(io::Clock::now())}, {"event", to_text(kind)}};
  for (const char* key : {"peer", "file", "transfer", "path", "error"}) body.set(key, event[key]);
  const auto ended = std::erase_if(watchers_, [&](const Watcher& watcher) {
    if ((watcher.kinds & bit(kind)) == 0 || watcher.call->event(body)) return false;
    watcher.call->error({ExitCode::failed, "events come faster than they are read here",
                         "watch again, with --filter for fewer of them"});
    return true;
  });
  if (ended > 0) sum_up();
}

void Watchers::tell(const proto::Notice& notice) {
  tell(proto::event_kind(notice.kind),
       {{"peer", peer_value(notice.peer)},
        {"file", notice.file.empty() ? Value() : brief_value(notice.file.front())}});
}

} // namespace p2pd::control
