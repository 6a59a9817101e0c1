#include "daemon/store/sparse.hpp"

#include "daemon/disk/digest.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace p2pd::store {

namespace {

int write_all(int file, std::uint64_t at, proto::View bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    at += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return 0;
}

} // namespace

ByteRun next_zeros(proto::View bytes, std::uint64_t at, std::size_t from) {
  const std::size_t into_page = (at + from) % hole_page;
  std::size_t page = from + (into_page == 0 ? 0 : hole_page - into_page);
  const auto is_hole = [&](const ByteRun& run) {
    const bool at_edge = run.begin < hole_page || run.end + hole_page > bytes.size();
    return run.end - run.begin >= (at_edge ? hole_page : least_hole);
  };
  ByteRun run{page, page};
  for (; page + hole_page <= bytes.size(); page += hole_page) {
    if (disk::all_zero(bytes.subspan(page, hole_page))) {
      run.end = page + hole_page;
    } else {
      if (is_hole(run)) return run;
      run = {page + hole_page, page + hole_page};
    }
  }
  return is_hole(run) ? run : ByteRun{bytes.size(), bytes.size()};
}

int write_sparsely(int file, std::uint64_t at, proto::View bytes, std::uint64_t& left_out) {
  for (std::size_t from = 0; from < bytes.size();) {
    const ByteRun zeros = next_zeros(bytes, at, from);
    if (const int failed = write_all(file, at + from, bytes.subspan(from, zeros.begin - from)))
      return failed;
    const std::size_t length = zeros.end - zeros.begin;
    from = zeros.end;
    if (length == 0) continue;
    if (::fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(at + zeros.begin), static_cast<off_t>(length)) == 0)
      left_out += length;
    else if (const int failed =
                 write_all(file, at + zeros.begin, bytes.subspan(zeros.begin, length)))
      return failed; // not every file system has holes
  }
  return 0;
}

std::uint64_t holes_in(int file, std::uint64_t at, std::uint64_t length) {
  std::uint64_t holes = 0;
  for (const std::uint64_t end = at + length; at < end;) {
    const off_t data = ::lseek(file, static_cast<off_t>(at), SEEK_DATA);
    if (data < 0 && errno != ENXIO) return holes;
    const std::uint64_t next = data < 0 ? end : std::min(static_cast<std::uint64_t>(data), end);
    holes += next - at;
    if (next == end) return holes;
    const off_t hole = ::lseek(file, static_cast<off_t>(next), SEEK_HOLE);
    if (hole < 0) return holes;
    at = static_cast<std::uint64_t>(hole);
  }
  return holes;
}

} // namespace p2pd::store
