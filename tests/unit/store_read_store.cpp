#include "daemon/disk/digest.hpp"
#include "daemon/store/read_store.hpp"
#include "daemon/store/scan.hpp"
#include "disk_fixture.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

using proto::ByteOffset;
using proto::ChunkIndex;
using Kind = proto::Entry::Kind;

class ReadStoreTest : public DiskTest {
 protected:
  disk::Result<disk::Folders::Opened> open(std::string_view name) const {
    return disk::Folders(disk::Folders::Purpose::publish, {{top_.string()}}, {})
        .open_file(at(name), O_RDONLY);
  }
  disk::Result<Scanned> look(std::string_view name) const {
    const auto opened = open(name);
    return opened ? scan(*opened, at(name)) : opened.fault();
  }
  std::string complaint(std::string_view name) const {
    const auto scanned = look(name);
    return scanned ? "none" : scanned.fault().message;
  }
  std::unique_ptr<ReadStore> store(std::string_view name, std::uint32_t chunk_size = 16384) const {
    auto opened = open(name);
    auto scanned = scan(*opened, at(name));
    EXPECT_TRUE(scanned.ok()) << scanned.fault().message;
    scanned->manifest->chunk_size = chunk_size;
    return std::make_unique<ReadStore>(std::move(opened->fd), at(name), Layout(scanned->manifest),
                                       scanned->identities);
  }
  static std::vector<proto::Digest> hashes(const ReadStore& store) {
    proto::Bytes scratch(store.manifest().chunk_size);
    const auto chunks = proto::chunk_count(store.manifest().size, store.manifest().chunk_size);
    auto hashed = store.hash_chunks(ChunkIndex{0}, static_cast<std::uint32_t>(chunks), scratch);
    EXPECT_TRUE(hashed.ok()) << hashed.fault().message;
    return *hashed;
  }
  static std::vector<proto::Digest> hashes(std::string_view text, std::size_t chunk_size) {
    std::vector<proto::Digest> all;
    for (; !text.empty(); text.remove_prefix(std::min(chunk_size, text.size())))
      all.push_back(disk::chunk_hash(proto::view(text.substr(0, chunk_size))));
    return all;
  }
  // A tree of many small files and some large ones; returns their bytes end to end.
  std::string make_tree() const {
    std::string all;
    for (int i = 0; i < 120; ++i) {
      char name[32];
      std::snprintf(name, sizeof name, "tree/%02d/%03d", i / 10, i);
      const std::string text = random_text(i % 7 == 0 ? 0 : static_cast<std::size_t>(i * 97 % 5000),
                                           static_cast<unsigned>(i));
      make(name, text);
      all += text;
    }
    for (const char* name : {"tree/x-large", "tree/y-larger"}) {
      const std::string text = random_text(200'000, 7);
      make(name, text);
      all += text;
    }
    return all;
  }
};

TEST_F(ReadStoreTest, ScansATreeInTheOrderOfItsPaths) {
  for (const char* name : {"t/b", "t/a/x", "t/a.b", "t/a/z/y", "t/\xff", "t/A"}) make(name, name);
  make_folder("t/empty");
  make("t/empty-file", "");
  ::chmod(at("t/b").c_str(), 0755);
  fs::create_symlink("a/x", at("t/link"));
  fs::create_symlink("../a.b", at("t/a/up"));
  const auto scanned = look("t");
  ASSERT_TRUE(scanned.ok()) << scanned.fault().message;
  std::vector<std::string> paths;
  for (const proto::Entry& entry : scanned->manifest->entries) paths.push_back(entry.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"A", "a", "a/up", "a/x", "a/z", "a/z/y", "a.b", "b",
                                             "empty", "empty-file", "link", "\xff"}));
  const auto& entries = scanned->manifest->entries;
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return proto::path_before(a.path, b.path);
  }));
  EXPECT_EQ(entries[1].kind, Kind::folder);
  EXPECT_EQ(entries[2].kind, Kind::symlink);
  EXPECT_EQ(entries[2].target, "../a.b");
  EXPECT_EQ(entries[2].mtime_ns, 0);
  EXPECT_EQ(entries[3].kind, Kind::file);
  EXPECT_EQ(entries[3].size, 5U);
  EXPECT_NE(entries[3].mtime_ns, 0);
  EXPECT_EQ(entries[7].kind, Kind::executable);
  EXPECT_EQ(scanned->identities.size(), 7U);
  EXPECT_EQ(scanned->manifest->size, 3U + 5 + 7 + 5 + 3 + 3);

  // It is a manifest that others accept.
  const proto::Bytes bytes = [&] {
    proto::Manifest manifest = *scanned->manifest;
    manifest.hashes.resize(1);
    return encode(manifest);
  }();
  EXPECT_EQ(proto::decode_manifest(bytes).entries.size(), entries.size());
}

TEST_F(ReadStoreTest, SaysWhatItCannotPublish) {
  make_folder("empty");
  EXPECT_EQ(complaint("empty"),
            "\"" + at("empty") + "\" holds nothing; put something into it first");
  make_folder("out");
  fs::create_symlink("../secret", at("out/link"));
  EXPECT_NE(complaint("out").find("which leads out of"), std::string::npos) << complaint("out");
  make_folder("absolute");
  fs::create_symlink("/etc", at("absolute/link"));
  EXPECT_NE(complaint("absolute").find("which leads out of"), std::string::npos);
  make_folder("special");
  ASSERT_EQ(::mkfifo(at("special/fifo").c_str(), 0600), 0);
  EXPECT_NE(complaint("special").find("\"fifo\" is a FIFO"), std::string::npos);
  EXPECT_NE(complaint("special/fifo").find("neither file nor folder"), std::string::npos);
}

TEST_F(ReadStoreTest, ScansADeepTreeWithFewDescriptors) {
  std::string path = "deep";
  for (int i = 0; i < 200; ++i) path += "/d";
  make_folder(path);
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{40, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const auto scanned = look("deep");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(scanned.ok()) << scanned.fault().message;
  EXPECT_EQ(scanned->manifest->entries.size(), 200U);
}

TEST_F(ReadStoreTest, ReadsNothingThatWasDeletedMovedOrReplaced) {
  for (const char* name : {"deleted", "moved", "replaced"}) make(name, "the bytes");
  std::array<char, 9> bytes;
  const iovec into{bytes.data(), bytes.size()};
  const auto read = [&](const ReadStore& from) { return from.read(ByteOffset{0}, {&into, 1}); };
  const auto deleted = store("deleted");
  EXPECT_TRUE(read(*deleted).ok());
  fs::remove(at("deleted"));
  EXPECT_TRUE(read(*deleted).fault().is(ESTALE)) << "at the very next use";
  const auto moved = store("moved");
  fs::rename(at("moved"), at("elsewhere"));
  EXPECT_TRUE(read(*moved).fault().is(ESTALE));
  EXPECT_TRUE(moved->unchanged().fault().is(ESTALE));
  fs::rename(at("elsewhere"), at("moved"));
  EXPECT_TRUE(moved->unchanged().ok());
  const auto replaced = store("replaced");
  fs::rename(make("new", "new bytes"), at("replaced"));
  EXPECT_TRUE(read(*replaced).fault().is(ESTALE));
}

TEST_F(ReadStoreTest, StopsWhenTold) {
  make("t/file");
  std::stop_source stop;
  stop.request_stop();
  const auto opened = open("t");
  EXPECT_TRUE(scan(*opened, at("t"), {}, nullptr, stop.get_token()).fault().is(ECANCELED));
}

TEST_F(ReadStoreTest, GuardsWhatLiesInsideOfATree) {
  make("home/work/file");
  make("home/work/.git/config");
  const disk::Folders home(disk::Folders::Purpose::publish, {{at("home"), false}}, {});
  const auto opened = home.open_file(at("home/work"), O_RDONLY);
  const auto scanned = scan(*opened, at("home/work"));
  EXPECT_TRUE(scanned.fault().is(EPERM));
  EXPECT_NE(scanned.fault().message.find("\".git\" is hidden"), std::string::npos);
}

TEST_F(ReadStoreTest, ReadsAFile) {
  const std::string text = random_text(100'000, 1);
  make("file", text);
  const auto file = store("file");
  EXPECT_EQ(file->manifest().size, text.size());
  EXPECT_TRUE(file->manifest().single_file());
  EXPECT_EQ(hashes(*file), hashes(text, 16384));
  EXPECT_TRUE(file->unchanged().ok());
}

TEST_F(ReadStoreTest, ReadsAnEmptyFile) {
  make("file", "");
  const auto file = store("file");
  EXPECT_TRUE(file->read(ByteOffset{0}, {}).ok());
  EXPECT_TRUE(hashes(*file).empty());
}

TEST_F(ReadStoreTest, ReadsAnyRangeOfATreeIntoAnyBuffers) {
  const std::string all = make_tree();
  const auto tree = store("tree");
  ASSERT_EQ(tree->manifest().size, all.size());
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    const std::size_t from = random() % all.size();
    const std::size_t length = random() % std::min<std::size_t>(all.size() - from, 60'000);
    std::string read(length, '\0');
    std::vector<iovec> buffers;
    for (std::size_t filled = 0; filled < length;) {
      const std::size_t part = std::min<std::size_t>(random() % 900, length - filled);
      buffers.push_back({read.data() + filled, part});
      filled += part;
    }
    const disk::Outcome outcome = tree->read(ByteOffset{from}, buffers);
    ASSERT_TRUE(outcome.ok()) << outcome.fault().message;
    ASSERT_EQ(read, all.substr(from, length));
  }
  EXPECT_EQ(hashes(*tree), hashes(all, 16384));
}

TEST_F(ReadStoreTest, IsReadByManyThreads) {
  const std::string all = make_tree();
  const auto tree = store("tree");
  const auto expected = hashes(all, 16384);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      proto::Bytes scratch(16384);
      for (std::uint32_t i = t; i < expected.size(); ++i) {
        const auto hashed = tree->hash_chunks(ChunkIndex{i}, 1, scratch);
        EXPECT_TRUE(hashed.ok() && hashed->front() == expected[i]);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ReadStoreTest, FindsChanges) {
  make("tree/a", "first");
  make("tree/b", "second");
  std::string buffer(11, '\0');
  const iovec whole{buffer.data(), buffer.size()};
  auto tree = store("tree");
  ASSERT_TRUE(tree->read(ByteOffset{0}, {&whole, 1}).ok());
  EXPECT_EQ(buffer, "firstsecond");

  make("tree/b", "SECOND"); // same size, another time
  EXPECT_TRUE(tree->unchanged().fault().is(ESTALE));
  EXPECT_TRUE(tree->read(ByteOffset{0}, {&whole, 1}).fault().is(ESTALE));
  EXPECT_EQ(tree->unchanged().fault().message,
            "\"" + at("tree/b") + "\" is not what it was any more; publish it again");

  tree = store("tree");
  fs::rename(make("other", "SECOND"), at("tree/b")); // another file
  EXPECT_FALSE(tree->unchanged().ok());

  tree = store("tree");
  fs::remove(at("tree/a"));
  fs::create_symlink("b", at("tree/a")); // a symlink in its place is not followed
  EXPECT_FALSE(tree->read(ByteOffset{0}, {&whole, 1}).ok());

  const auto file = store("tree/b");
  EXPECT_TRUE(file->unchanged().ok());
  const iovec six{buffer.data(), 6};
  EXPECT_TRUE(file->read(ByteOffset{0}, {&six, 1}).ok());
  fs::resize_file(at("tree/b"), 3);
  EXPECT_TRUE(file->read(ByteOffset{0}, {&six, 1}).fault().is(ESTALE));
  const auto deleted = store("tree/b");
  fs::remove(at("tree/b"));
  EXPECT_TRUE(deleted->unchanged().fault().is(ESTALE));
}

// By this process so far, as the kernel counts (man 5 proc: io).
std::uint64_t bytes_read() {
  std::ifstream counts("/proc/self/io");
  std::string name;
  std::uint64_t bytes = 0;
  counts >> name >> bytes; // "rchar:"
  return bytes;
}

TEST_F(ReadStoreTest, HashesHolesWithoutReading) {
  constexpr std::uint64_t size = 5ULL << 30;
  make("sparse", "");
  fs::resize_file(at("sparse"), size + 5);
  disk::Fd file(::open(at("sparse").c_str(), O_WRONLY));
  ASSERT_EQ(::pwrite(file.get(), "data", 4, 1 << 30), 4);
  const auto sparse = store("sparse", 4 << 20);
  const std::uint64_t before = bytes_read();
  const auto hashed = hashes(*sparse);
  EXPECT_LT(bytes_read() - before, 64U << 20);
  ASSERT_EQ(hashed.size(), 1281U);
  for (std::size_t i = 0; i < hashed.size(); ++i) {
    const std::size_t length = i == 1280 ? 5 : 4 << 20;
    EXPECT_EQ(hashed[i] == disk::zero_chunk_hash(length), i != 256) << i;
  }
}

TEST(Identity, TimesRoundTrip) {
  for (const std::int64_t ns : {0LL, 1LL, -1LL, 1'700'000'000'123'456'789LL, -5'000'000'001LL}) {
    const timespec time = disk::time_of(ns);
    EXPECT_GE(time.tv_nsec, 0);
    EXPECT_EQ(disk::nanoseconds(time), ns);
  }
  EXPECT_GT(disk::nanoseconds({std::numeric_limits<time_t>::max(), 0}), 0);
  // What somebody tells may be anything.
  EXPECT_GE(disk::time_of(std::numeric_limits<std::int64_t>::min()).tv_nsec, 0);
}

} // namespace
} // namespace p2pd::store
