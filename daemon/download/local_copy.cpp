#include "daemon/download/local_copy.hpp"

#include "daemon/disk/digest.hpp"

#include <algorithm>

namespace p2pd::download {

namespace {

// Pool thread.
disk::Outcome copy_chunk(const store::Store& from, const store::WriteStore& to,
                         const proto::Manifest& manifest, ChunkIndex chunk,
                         proto::MutableView scratch) {
  const proto::MutableView bytes = scratch.first(manifest.length(chunk));
  const iovec into{bytes.data(), bytes.size()};
  if (disk::Outcome read = from.read(manifest.offset(chunk), {&into, 1}); !read) return read;
  if (disk::chunk_hash(bytes) != manifest.hashes[number(chunk)])
    return disk::fault(EIO, "the copy on this machine is damaged; unpublish it and fetch it again");
  return to.write(manifest.offset(chunk), bytes);
}

} // namespace

LocalCopy::LocalCopy(io::Loop& loop, disk::BufferPool& buffers,
                     std::shared_ptr<const proto::Manifest> manifest,
                     std::shared_ptr<const store::Store> from,
                     std::shared_ptr<const store::WriteStore> to, const proto::ChunkSet& missing,
                     const proto::PeerId& self, DownloadListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , manifest_(std::move(manifest))
    , from_(std::move(from))
    , to_(std::move(to))
    , self_(self)
    , listener_(listener)
    , memory_(buffers, io::bind<&LocalCopy::copy_next>(this)) {
  missing.each([this](ChunkIndex chunk) { missing_.push_back(chunk); });
  std::ranges::reverse(missing_); // the next one is the last
}

void LocalCopy::copy_next() {
  if (missing_.empty()) return listener_.on_complete();
  auto buffer = buffers_.take(disk::Direction::download, manifest_->chunk_size);
  if (buffer == nullptr) return memory_.wait();
  const ChunkIndex chunk = missing_.back();
  missing_.pop_back();
  job_ = io::run(
      loop_,
      [from = from_, to = to_, manifest = manifest_, scratch = buffer->bytes(), buffer, chunk] {
        return copy_chunk(*from, *to, *manifest, chunk, scratch);
      },
      [this, chunk](const disk::Outcome& outcome) { on_copied(chunk, outcome); });
}

void LocalCopy::stop() {
  job_.drop();
  memory_.stop();
}

void LocalCopy::on_copied(ChunkIndex chunk, const disk::Outcome& outcome) {
  if (!outcome) return listener_.on_write_failed(outcome.fault());
  listener_.on_chunk(chunk, self_);
  copy_next();
}

} // namespace p2pd::download
