#include "daemon/publishing/verification.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/digest.hpp"

#include <ctime>
#include <fmt/core.h>

namespace p2pd::publishing {

using proto::ChunkIndex;

namespace {

// Pool thread. The hash of a chunk that is not here is all zeros. An unreadable chunk does not
// count as damaged.
library::Hashes hash_here(const library::OpenContent& content, const proto::ChunkSet& have,
                          ChunkIndex first, std::uint32_t count, proto::MutableView scratch) {
  std::vector<proto::Digest> hashes(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const ChunkIndex chunk{number(first) + i};
    if (!have.has(chunk)) continue;
    const proto::MutableView bytes = scratch.first(content.manifest->length(chunk));
    const iovec into{bytes.data(), bytes.size()};
    const disk::Outcome read = content.store->read(content.manifest->offset(chunk), {&into, 1});
    if (!read) return read.fault();
    hashes[i] = disk::chunk_hash(bytes);
  }
  return hashes;
}

} // namespace

Verifier::Verification::Verification(Verifier& verifier, ContentId content, VerifyFollower follower,
                                     io::milliseconds pause)
    : verifier_(verifier)
    , id_(content)
    , follower_(std::move(follower))
    , pause_(pause)
    , hashing_(verifier.deps_.loop, verifier.deps_.buffers, *this) {}

void Verifier::Verification::start(std::shared_ptr<const library::OpenContent> content,
                                   const proto::ChunkSet& have) {
  content_ = std::move(content);
  right_ = have;
  const proto::Manifest& manifest = *content_->manifest;
  hashing_.start_slowly(
      [content = content_, have](ChunkIndex first, std::uint32_t count,
                                 proto::MutableView scratch) {
        return hash_here(*content, have, first, count, scratch);
      },
      manifest.chunks(), manifest.chunk_size, pause_);
}

void Verifier::Verification::on_hashes(std::uint32_t first,
                                       const std::vector<proto::Digest>& hashes) {
  const proto::Manifest& manifest = *content_->manifest;
  for (std::uint32_t i = 0; i < hashes.size(); ++i)
    if (hashes[i] != manifest.hashes[first + i] && right_.remove(ChunkIndex{first + i})) ++bad_;
  const io::Time now = io::Clock::now();
  if (now - told_ < library::progress_period) return;
  told_ = now;
  if (const library::Item* const item = verifier_.deps_.library.find(id_))
    follower_.progress(
        item->names.begin()->first,
        std::min(manifest.size, std::uint64_t{hashing_.done()} * manifest.chunk_size),
        manifest.size);
}

void Verifier::Verification::on_hashed(const disk::Outcome& outcome) {
  library::Item* const item = verifier_.deps_.library.find(id_);
  if (!outcome) {
    verifier_.unread(id_, outcome.fault());
    follower_.refused({proto::ExitCode::failed, outcome.fault().message, ""});
  } else if (item == nullptr) {
    follower_.refused({proto::ExitCode::failed, "it was withdrawn meanwhile", ""});
  } else if (verifier_.held_.erase(id_); bad_ == 0) {
    all_right(*item);
  } else {
    damaged(*item);
  }
  verifier_.ended(*this);
}

void Verifier::Verification::all_right(library::Item& item) {
  item.verified = std::time(nullptr);
  verifier_.deps_.state.change(
      state::StateDb::Durable::no,
      [id = id_, at = item.verified](state::StateStore& store) { store.set_verified(id, at); });
  follower_.done({id_, item.names.begin()->first, item.path.string(), item.size,
                  content_->manifest->chunks()});
}

void Verifier::Verification::damaged(library::Item& item) {
  verifier_.deps_.tally.chunks_damaged += bad_;
  const std::string& name = item.names.begin()->first;
  base::log::error("verify", "{} of {} chunks of {} are damaged at {}", bad_,
                   content_->manifest->chunks(), name, item.path.string());
  if (item.fetching)
    return follower_.refused({proto::ExitCode::failed,
                              name + " is damaged, and a transfer is already writing to it",
                              "p2pctl transfers shows it"});
  item.content = content_;
  const std::string message =
      fmt::format("{} of {} chunks of {} are damaged; they are fetched again", bad_,
                  content_->manifest->chunks(), name);
  const auto tell = [follower = follower_, message,
                     told = std::make_shared<bool>()](const transfer::TransferRow& row) {
    if (std::exchange(*told, true)) return;
    follower.refused({proto::ExitCode::failed, message,
                      fmt::format("p2pctl wait {} waits for it", row.request.id)});
  };
  verifier_.deps_.transfers.repair(item, right_, {.progress = tell, .refused = follower_.refused});
}

} // namespace p2pd::publishing
