#include "daemon/peer/auto_fetcher.hpp"

#include "daemon/base/log.hpp"

#include <fmt/core.h>

namespace p2pd::peer {

using proto::CatalogEntry;

namespace {

constexpr std::size_t most_foreign = 1000; // names that are reported

} // namespace

AutoFetcher::AutoFetcher(const AutoFetcherDeps& deps)
    : deps_(deps), again_(deps.loop, io::bind<&AutoFetcher::catch_up>(this)) {}

void AutoFetcher::follow(std::vector<std::string> globs) {
  if (globs == globs_) return;
  globs_ = std::move(globs);
  followed_.clear();
  foreign_.clear();
  for (const std::string& glob : globs_) followed_.push_back(transfer::followed(glob));
  for (const std::string& glob : open_to_all())
    base::log::warn("auto_fetch",
                    "{} follows whoever claims a name first; write \"{}@PEERID\" to follow one "
                    "publisher",
                    disk::in_quotes(glob), proto::printable(glob));
  const auto kinds = globs_.empty() ? 0U : bit(proto::NoticeKind::published);
  deps_.notices.listen(kinds, [this](const proto::Notice& notice) { on_notice(notice); });
  deps_.trackers.follow();
  catch_up();
}

std::vector<std::string> AutoFetcher::open_to_all() const {
  std::vector<std::string> open;
  for (const transfer::Followed& each : followed_)
    if (!each.publisher) open.push_back(each.glob);
  return open;
}

bool AutoFetcher::lacks(const ContentId& content) const {
  const library::Item* const here = deps_.library.find(content);
  return (here == nullptr || !here->have.full()) && !deps_.transfers.runs(content);
}

// It may have been withdrawn and published again, so earlier attempts do not count.
void AutoFetcher::on_notice(const proto::Notice& notice) {
  if (notice.file.empty() || !lacks(notice.file.front().content)) return;
  const auto claim = transfer::claim_of(followed_, transfer::published_row(notice));
  if (!claim) return;
  tried_.insert(claim->entry.content);
  fetch(*claim);
}

void AutoFetcher::catch_up() {
  for (const transfer::Followed& each : followed_)
    deps_.trackers.list(each.glob, [this](const std::vector<CatalogEntry>& rows, const auto&) {
      for (const CatalogEntry& row : rows)
        if (lacks(row.content) && !deps_.transfers.done(row.content))
          if (const auto claim = transfer::claim_of(followed_, row);
              claim && tried_.insert(row.content).second)
            fetch(*claim);
    });
}

void AutoFetcher::fetch(const transfer::Claim& claim) {
  const std::string name = proto::printable(claim.entry.name.bytes);
  const ContentId content = claim.entry.content;
  const std::uint64_t most = deps_.limits.fetch_max_size;
  if (most > 0 && claim.entry.size > most) // it counts as tried
    return base::log::warn("auto_fetch", "{} is not fetched: {}", name,
                           transfer::too_large(claim.entry.size, most));
  const auto told = std::make_shared<bool>(false);
  deps_.transfers.fetch_published(
      claim, {.progress =
                  [this, claim, name, told](const transfer::TransferRow& row) {
                    if (!std::exchange(*told, true))
                      base::log::info("auto_fetch", "{} ({}) was published by {}", name,
                                      to_text(claim.entry.content),
                                      transfer::text_of(claim.entry, row.request.publisher.value_or(
                                                                         claim.by.front())));
                    if (row.state == transfer::TransferState::done) backoff_.reset();
                  },
              .refused = [this, name,
                          content](const Failure& failure) { on_refused(content, name, failure); },
              .foreign = [this, claim](const PeerId& publisher) { on_foreign(claim, publisher); }});
}

// Logged once per publisher; the followed one may still claim the same.
void AutoFetcher::on_foreign(const transfer::Claim& claim, const PeerId& publisher) {
  const CatalogEntry& entry = claim.entry;
  tried_.erase(entry.content);
  const std::string warning = fmt::format(
      "{} claims {} as well, for {}; it is not fetched, as {} was brought by {}",
      transfer::text_of(entry, claim.by.front()), disk::in_quotes(entry.name.bytes),
      to_text(entry.content).substr(0, 12), disk::in_quotes(entry.name.bytes), to_text(publisher));
  const auto known = foreign_.find(entry.name.bytes);
  if (known == foreign_.end() && foreign_.size() == most_foreign) return;
  if (known != foreign_.end() && known->second == warning) return;
  deps_.transfers.warn(deps_.transfers.path_of(entry.name.bytes), warning);
  if (known == foreign_.end()) base::log::warn("auto_fetch", "{}", warning);
  foreign_.insert_or_assign(entry.name.bytes, warning);
}

void AutoFetcher::on_refused(const ContentId& content, const std::string& name,
                             const Failure& failure) {
  base::log::warn("auto_fetch", "{} is not fetched yet: {}", name, failure.message);
  tried_.erase(content);
  if (!again_.active()) again_.once(backoff_.next());
}

} // namespace p2pd::peer
