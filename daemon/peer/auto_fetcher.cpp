#include "daemon/peer/auto_fetcher.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace p2pd::peer {

AutoFetcher::AutoFetcher(const AutoFetcherHouse& house)
    : house_(house), again_(house.loop, io::bind<&AutoFetcher::catch_up>(this)) {}

void AutoFetcher::follow(std::vector<std::string> globs) {
  if (globs == globs_) return;
  globs_ = std::move(globs);
  const auto kinds =
      globs_.empty() ? 0U : 1U << static_cast<unsigned>(proto::NoticeKind::published);
  house_.notices.listen(kinds, [this](const proto::Notice& notice) { on_notice(notice); });
  house_.trackers.follow();
  catch_up();
}

bool AutoFetcher::wants(const CatalogEntry& entry) const {
  const Item* const here = house_.library.find(entry.content);
  if ((here != nullptr && here->have.full()) || house_.transfers.runs(entry.content)) return false;
  return std::ranges::any_of(globs_, [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), entry.name.bytes.c_str(), 0) == 0;
  });
}

// It may have been withdrawn and be back, so what was tried counts anew.
void AutoFetcher::on_notice(const proto::Notice& notice) {
  if (notice.file.empty() || !wants(notice.file.front())) return;
  tried_.insert(notice.file.front().content);
  fetch(notice.file.front());
}

void AutoFetcher::catch_up() {
  for (const std::string& glob : globs_)
    house_.trackers.list(glob, [this](const std::vector<CatalogEntry>& rows, const auto&) {
      for (const CatalogEntry& row : rows)
        if (!row.publishers.empty() && wants(row) && !house_.transfers.done(row.content) &&
            tried_.insert(row.content).second)
          fetch(row);
    });
}

void AutoFetcher::fetch(const CatalogEntry& entry) {
  const std::string name = proto::printable(entry.name.bytes);
  base::log::info("auto_fetch", "{} ({}) was published", name, to_text(entry.content));
  house_.transfers.fetch_published(
      entry, {.progress =
                  [this](const TransferRow& row) {
                    if (row.state == TransferState::done) backoff_.reset();
                  },
              .refused = [this, name, content = entry.content](
                             const Failure& failure) { on_refused(content, name, failure); }});
}

void AutoFetcher::on_refused(const ContentId& content, const std::string& name,
                             const Failure& failure) {
  base::log::warn("auto_fetch", "{} is not fetched yet: {}", name, failure.message);
  tried_.erase(content);
  if (!again_.active()) again_.once(backoff_.next());
}

} // namespace p2pd::peer
