#include "daemon/peer/publication.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/scan.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/core.h>
#include <thread>

namespace p2pd::peer {

namespace {

constexpr std::uint32_t range_bytes = 8 * 1024 * 1024; // hashed by one job
constexpr io::Clock::duration progress_period = std::chrono::milliseconds(100);

std::size_t jobs_at_once() {
  return std::max(2U, std::thread::hardware_concurrency());
}

} // namespace

Publisher::Publication::Publication(Publisher& publisher, PublishOptions options,
                                    PublishFollower follower)
    : publisher_(publisher)
    , options_(std::move(options))
    , follower_(std::move(follower))
    , memory_(publisher.buffers_, io::bind<&Publication::hash_more>(this)) {}

void Publisher::Publication::start() {
  std::shared_ptr<const disk::Store> published; // the same path under the same name, if it is
  if (const Item* const item = publisher_.library_.at(options_.path))
    if (const auto name = item->names.find(options_.name);
        name != item->names.end() && name->second)
      published = item->store;
  job_ = io::run(
      publisher_.loop_,
      [shared = publisher_.shared_, options = options_, published] {
        return open(*shared, options, published.get());
      },
      [this](disk::Result<Opened> opened) { on_opened(std::move(opened)); });
}

void Publisher::Publication::cancel() {
  job_.drop();
  hashing_.clear();
  memory_.stop();
}

// Pool thread.
disk::Result<Publisher::Publication::Opened>
Publisher::Publication::open(const disk::Folders& shared, const PublishOptions& options,
                             const disk::Store* published) {
  if (published != nullptr && published->unchanged())
    return disk::fault(
        EEXIST, fmt::format("{} is published already, as {}; unpublish it first to publish it anew",
                            disk::in_quotes(options.path), disk::in_quotes(options.name)));
  auto opened = shared.open_file(options.path, O_RDONLY);
  if (!opened) return opened.fault();
  auto scanned = disk::scan(*opened, options.path);
  if (!scanned) return scanned.fault();
  proto::Manifest& manifest = *scanned->manifest;
  if (options.chunk_size != 0) manifest.chunk_size = options.chunk_size;
  const std::uint64_t chunks = proto::chunk_count(manifest.size, manifest.chunk_size);
  if (chunks > proto::max_chunks)
    return disk::fault(EFBIG, fmt::format("{} would have {} chunks; choose a larger --chunk-size",
                                          disk::in_quotes(options.path), chunks));
  manifest.hashes.resize(chunks);
  auto store = std::make_shared<const disk::ReadStore>(std::move(opened->fd), options.path,
                                                       disk::Layout(scanned->manifest),
                                                       std::move(scanned->identities));
  return Opened{scanned->manifest, std::move(store)};
}

void Publisher::Publication::on_opened(disk::Result<Opened> opened) {
  if (!opened) return refuse({proto::ExitCode::failed, opened.fault().message, ""});
  opened_ = std::move(*opened);
  hash_more();
}

void Publisher::Publication::hash_more() {
  const proto::Manifest& manifest = *opened_.manifest;
  if (done_ == manifest.chunks()) return assemble();
  while (next_ < manifest.chunks() && hashing_.size() < jobs_at_once()) {
    auto scratch = publisher_.buffers_.take(disk::Direction::upload, manifest.chunk_size);
    if (scratch == nullptr) return memory_.wait();
    const std::uint32_t first = next_;
    const std::uint32_t count =
        std::min(std::max(1U, range_bytes / manifest.chunk_size), manifest.chunks() - first);
    next_ += count;
    const auto job = hashing_.emplace(hashing_.end());
    *job = io::run(
        publisher_.loop_,
        [store = opened_.store, scratch = std::move(scratch), first, count] {
          return store->hash_chunks(ChunkIndex{first}, count, scratch->bytes());
        },
        [this, job, first](const Hashes& hashes) { on_hashed(job, first, hashes); });
  }
}

void Publisher::Publication::on_hashed(std::list<io::Job>::iterator job, std::uint32_t first,
                                       const Hashes& hashes) {
  hashing_.erase(job);
  if (!hashes) return refuse({proto::ExitCode::failed, hashes.fault().message, ""});
  std::ranges::copy(*hashes, opened_.manifest->hashes.begin() + first);
  done_ += static_cast<std::uint32_t>(hashes->size());
  tell_progress();
  hash_more();
}

void Publisher::Publication::tell_progress() {
  const io::Time now = io::Clock::now();
  if (now - told_ < progress_period) return;
  told_ = now;
  const std::uint64_t size = opened_.manifest->size;
  follower_.progress(std::min(size, std::uint64_t{done_} * opened_.manifest->chunk_size), size);
}

void Publisher::Publication::assemble() {
  job_ = io::run(
      publisher_.loop_,
      [opened = opened_] {
        Hashed hashed{{}, opened.manifest, nullptr, opened.store};
        hashed.manifest_bytes = std::make_shared<const proto::Bytes>(encode(*opened.manifest));
        hashed.id = proto::content_id_of(*hashed.manifest_bytes);
        return hashed;
      },
      [this](Hashed hashed) { enter(std::move(hashed)); });
}

void Publisher::Publication::enter(Hashed hashed) {
  if (hashed.manifest_bytes->size() > proto::max_manifest)
    return refuse({proto::ExitCode::failed,
                   disk::in_quotes(options_.path) + " needs a manifest over 64 MiB",
                   "publish parts of it, or choose a larger --chunk-size"});
  Library& library = publisher_.library_;
  Item* item = library.find(hashed.id);
  if (item == nullptr) {
    const proto::ChunkSet all(hashed.manifest->chunks(), true);
    item = &library.add(
        {hashed.id, hashed.manifest, hashed.manifest_bytes, {}, options_.path, all, hashed.store});
  }
  library.name(*item, options_.name, true);
  base::log::info("publisher", "{} is published as {} ({})", options_.path, options_.name,
                  to_text(item->id));
  publisher_.trackers_.announce(
      *item, [alive = std::weak_ptr(alive_), content = item->id](std::size_t acknowledged) {
        const auto held = alive.lock();
        if (held == nullptr) return;
        Publication& self = **held;
        if (const Item* const entered = self.publisher_.library_.find(content))
          self.follower_.done({*entered, self.options_.name, acknowledged});
        self.publisher_.ended(self);
      });
}

void Publisher::Publication::refuse(const Failure& failure) {
  cancel();
  follower_.refused(failure);
  publisher_.ended(*this);
}

} // namespace p2pd::peer
