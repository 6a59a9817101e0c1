#include "daemon/control/watchers.hpp"

#include "daemon/control/peer_lookup.hpp"

#include <array>

namespace p2pd::control {

namespace {

constexpr std::array<std::string_view, 9> kind_names{
    "came", "left", "lost", "published", "withdrawn", "fetched", "done", "failed", "distrusted"};
constexpr std::uint32_t all_kinds = (1U << kind_names.size()) - 1;

// The bits of those that the filter names; 0 where one is no kind, and the call is answered.
std::uint32_t kinds_of(const CallPtr& call) {
  const Value& filter = call->params()["filter"];
  if (filter.is_null()) return all_kinds;
  std::uint32_t kinds = 0;
  for (const Value& word : filter.array()) {
    const auto found = std::ranges::find(kind_names, word.text());
    if (found == kind_names.end()) {
      call->error({ExitCode::usage, '"' + proto::printable(word.text()) + "\" is no kind of event",
                   "choose from came, left, lost, published, withdrawn, fetched, done, failed and "
                   "distrusted"});
      return 0;
    }
    kinds |= 1U << static_cast<unsigned>(found - kind_names.begin());
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
  const auto index = static_cast<unsigned>(kind);
  if ((kinds_ >> index & 1) == 0) return;
  Value body{{"time", timestamp(io::Clock::now())}, {"event", kind_names.at(index)}};
  for (const char* key : {"peer", "file", "transfer", "path", "error"}) body.set(key, event[key]);
  const auto ended = std::erase_if(watchers_, [&](const Watcher& watcher) {
    if ((watcher.kinds >> index & 1) == 0 || watcher.call->event(body)) return false;
    watcher.call->error({ExitCode::failed, "events come faster than they are read here",
                         "watch again, with --filter for fewer of them"});
    return true;
  });
  if (ended > 0) sum_up();
}

void Watchers::tell(const proto::Notice& notice) {
  tell(static_cast<EventKind>(notice.kind),
       {{"peer", peer_value(notice.peer)},
        {"file", notice.file.empty() ? Value() : brief_value(notice.file.front())}});
}

} // namespace p2pd::control
