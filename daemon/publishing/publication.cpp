#include "daemon/publishing/publication.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/file_system.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/same_content.hpp"
#include "daemon/store/scan.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/core.h>

namespace p2pd::publishing {

using proto::ChunkIndex;

Publisher::Publication::Publication(Publisher& publisher, PublishOptions options,
                                    PublishFollower follower)
    : publisher_(publisher)
    , options_(std::move(options))
    , follower_(std::move(follower))
    , hashing_(publisher.deps_.loop, publisher.deps_.buffers, *this) {}

void Publisher::Publication::start() {
  library::Item* const item = publisher_.deps_.library.at(options_.path);
  if (item == nullptr || item->fetching) return look(nullptr);
  const auto name = item->names.find(options_.name);
  if (name == item->names.end() || !name->second) return look(nullptr);
  publisher_.deps_.openings.open(
      *item, alive_.guard([](Publication& self, const library::Openings::Opened& opened) {
        self.look(opened ? *opened : nullptr);
      }));
}

// `published`: the current publication of the same path under the same name, if any.
void Publisher::Publication::look(std::shared_ptr<const library::OpenContent> published) {
  job_ = io::run(
      publisher_.deps_.loop,
      [shared = publisher_.deps_.shared, options = options_, published = std::move(published)] {
        return open(shared, options, published.get());
      },
      [this](disk::Result<Opened> opened) { on_opened(std::move(opened)); });
}

void Publisher::Publication::cancel() {
  job_.drop();
  hashing_.stop();
}

// Pool thread.
disk::Result<Publisher::Publication::Opened>
Publisher::Publication::open(const std::shared_ptr<const disk::Folders>& shared,
                             const PublishOptions& options, const library::OpenContent* published) {
  auto opened = shared->open_file(options.path, O_RDONLY);
  if (!opened) return opened.fault();
  auto scanned = store::scan(*opened, options.path, options.rules, shared.get());
  if (!scanned) return scanned.fault();
  proto::Manifest& manifest = *scanned->manifest;
  Opened result{scanned->manifest, nullptr, std::move(scanned->skipped), scanned->skipped_in_all,
                scanned->attributes};
  const bool same_chunks =
      published != nullptr &&
      (options.chunk_size == 0 || options.chunk_size == published->manifest->chunk_size);
  if (same_chunks && library::same_shape(manifest, store::Layout(published->manifest)) &&
      published->store->untouched())
    return result;
  if (options.chunk_size != 0) manifest.chunk_size = options.chunk_size;
  const std::uint64_t chunks = proto::chunk_count(manifest.size, manifest.chunk_size);
  if (chunks > proto::max_chunks)
    return disk::fault(EFBIG, fmt::format("{} would have {} chunks; choose a larger --chunk-size",
                                          disk::in_quotes(options.path), chunks));
  manifest.hashes.resize(chunks);
  result.system = disk::file_system_of(opened->fd.get()).id;
  const bool follows = options.rules.links == store::SymlinkRule::follow;
  result.store = std::make_shared<const store::ReadStore>(
      std::move(opened->fd), store::reopen_in(shared, options.path), options.path,
      store::Layout(scanned->manifest), std::move(scanned->identities), follows ? shared : nullptr);
  return result;
}

void Publisher::Publication::on_opened(disk::Result<Opened> opened) {
  if (!opened) return refuse(opened.fault());
  opened_ = std::move(*opened);
  if (opened_.store == nullptr) {
    const library::Item* const item = publisher_.deps_.library.at(options_.path);
    if (item == nullptr)
      return refuse(Failure{proto::ExitCode::failed, "it was withdrawn meanwhile", ""});
    return announce(item->id);
  }
  const proto::Manifest& manifest = *opened_.manifest;
  hashing_.start(
      [store = opened_.store](ChunkIndex from, std::uint32_t count, proto::MutableView scratch) {
        return store->hash_chunks(from, count, scratch);
      },
      manifest.chunks(), manifest.chunk_size);
}

void Publisher::Publication::on_hashes(std::uint32_t first,
                                       const std::vector<proto::Digest>& hashes) {
  std::ranges::copy(hashes, opened_.manifest->hashes.begin() + first);
  tell_progress();
}

void Publisher::Publication::on_hashed(const disk::Outcome& outcome) {
  if (!outcome) return refuse(outcome.fault());
  assemble();
}

void Publisher::Publication::tell_progress() {
  const io::Time now = io::Clock::now();
  if (now - told_ < library::progress_period) return;
  told_ = now;
  const std::uint64_t size = opened_.manifest->size;
  follower_.progress(std::min(size, std::uint64_t{hashing_.done()} * opened_.manifest->chunk_size),
                     size);
}

void Publisher::Publication::assemble() {
  job_ = io::run(
      publisher_.deps_.loop,
      [opened = opened_] {
        const library::OpenContent counted = library::counted(
            opened.manifest, std::make_shared<const proto::Bytes>(encode(*opened.manifest)));
        Hashed hashed{{}, counted.manifest, counted.manifest_bytes, opened.store, opened.system};
        hashed.id = proto::content_id_of(*hashed.manifest_bytes);
        return hashed;
      },
      [this](Hashed hashed) { enter(std::move(hashed)); });
}

void Publisher::Publication::enter(Hashed hashed) {
  if (hashed.manifest_bytes->size() > proto::max_manifest)
    return refuse(Failure{proto::ExitCode::failed,
                          disk::in_quotes(options_.path) + " needs a manifest over 64 MiB",
                          "publish parts of it, or choose a larger --chunk-size"});
  library::Library& library = publisher_.deps_.library;
  library::Item* item = library.find(hashed.id);
  if (item == nullptr) {
    const proto::ChunkSet all(hashed.manifest->chunks(), true);
    library::Item fresh =
        library::item_of(hashed.id,
                         std::make_shared<const library::OpenContent>(library::OpenContent{
                             hashed.manifest, hashed.manifest_bytes, hashed.store}),
                         all);
    fresh.path = options_.path;
    fresh.system = hashed.system;
    item = &library.add(std::move(fresh));
  }
  item->attributes = opened_.attributes;
  library.name(*item, options_.name, true);
  publisher_.deps_.openings.used(*item);
  record(*item, hashed);
}

// Durable before anybody is told that it is published.
void Publisher::Publication::record(const library::Item& item, const Hashed& hashed) {
  state::LibraryRecord record = library::records_of(item).front();
  record.name = options_.name;
  record.path = options_.path;
  record.claim = true;
  record.system = hashed.system;
  record.written = item.written && item.path == options_.path;
  publisher_.deps_.state.change(
      state::StateDb::Durable::yes,
      [record, identities = hashed.store->identities(),
       manifest = hashed.manifest_bytes](state::StateStore& store) {
        store.put_library(record, identities, *manifest);
        store.remove_others(record.path, record.content);
      },
      alive_.guard([id = item.id](Publication& self, const disk::Outcome& outcome) {
        if (outcome) return self.announce(id);
        self.publisher_.deps_.library.remove(id);
        self.refuse(outcome.fault());
      }));
  publisher_.deps_.displaced(record.path, record.content);
}

void Publisher::Publication::announce(const ContentId& content) {
  const library::Item* const item = publisher_.deps_.library.find(content);
  if (item == nullptr)
    return refuse(Failure{proto::ExitCode::failed, "it was withdrawn meanwhile", ""});
  const bool already = opened_.store == nullptr;
  base::log::info("publisher", {{"content", to_text(content)}}, "{} is {}published as {}",
                  options_.path, already ? "still " : "", options_.name);
  publisher_.deps_.trackers.announce(
      *item, alive_.guard([content, already](Publication& self, std::size_t acknowledged) {
        if (const library::Item* const entered = self.publisher_.deps_.library.find(content))
          self.follower_.done({*entered, self.options_.name, acknowledged, already,
                               self.opened_.skipped, self.opened_.skipped_in_all});
        self.publisher_.ended(self);
      }));
}

void Publisher::Publication::refuse(const disk::Fault& fault) {
  if (fault.passes() && follower_.passing) follower_.passing(fault);
  refuse(Failure{proto::ExitCode::failed, fault.message, ""});
}

void Publisher::Publication::refuse(const Failure& failure) {
  cancel();
  follower_.refused(failure);
  publisher_.ended(*this);
}

} // namespace p2pd::publishing
