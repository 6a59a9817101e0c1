#include "daemon/store/aside.hpp"
#include "daemon/store/part_name.hpp"
#include "daemon/store/remove_written.hpp"
#include "store_fixture.hpp"

#include <sys/resource.h>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

class RemoveWrittenTest : public WriteTest {
 protected:
  // What a fetch makes, and what it was then.
  std::vector<disk::Identity> fetched(std::string_view name = "got") const {
    const auto made = create(name);
    EXPECT_TRUE(made.ok()) << made.fault().message;
    write_all(**made);
    EXPECT_TRUE((*made)->finish(false).ok());
    return (*made)->identities();
  }
  Rest remove(const std::vector<disk::Identity>& identities, std::string_view name = "got",
              const std::stop_token& stop = {}) const {
    const auto place = parent(name);
    return remove_written(place.folder.get(), place.leaf, place.path, Layout(manifest_), identities,
                          stop);
  }
  std::vector<std::string> left() const { // files and empty folders
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(top_))
      if (!entry.is_directory() || fs::is_empty(entry))
        names.push_back(fs::relative(entry.path(), top_).string());
    std::sort(names.begin(), names.end());
    return names;
  }
  void touch(std::string_view name) const {
    const timespec times[2] = {{0, UTIME_OMIT}, {1, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, at(name).c_str(), times, 0), 0);
  }
};

TEST_F(RemoveWrittenTest, RemovesAFileThatIsAsItWas) {
  content(random_text(50'000, 1));
  EXPECT_EQ(remove(fetched()), Rest::none);
  EXPECT_EQ(left(), std::vector<std::string>());
  EXPECT_EQ(remove({disk::Identity()}), Rest::none) << "it is gone already";
}

TEST_F(RemoveWrittenTest, HashesAFileWhoseTimeAloneIsAnother) {
  content(random_text(50'000, 1));
  auto identities = fetched();
  touch("got");
  EXPECT_EQ(remove(identities), Rest::none);
  identities = fetched();
  std::string other = text_;
  other[40'000] ^= 1;
  make("got", other);
  EXPECT_EQ(remove(identities), Rest::strange);
  EXPECT_EQ(contents(at("got")), other);
}

TEST_F(RemoveWrittenTest, CallsNothingStrangeThatItCannotLookAt) {
  content(random_text(50'000, 1));
  const auto identities = fetched();
  const auto place = parent("got");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const Rest rest =
      remove_written(place.folder.get(), place.leaf, place.path, Layout(manifest_), identities, {});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(rest, Rest::later);
  EXPECT_EQ(left(), std::vector<std::string>{"got"});
  EXPECT_EQ(remove(identities), Rest::none);
}

TEST_F(RemoveWrittenTest, RemovesATreeThatIsAsItWas) {
  tree();
  EXPECT_EQ(remove(fetched()), Rest::none);
  EXPECT_EQ(left(), std::vector<std::string>());
}

TEST_F(RemoveWrittenTest, LeavesWhatOthersAddedAndChanged) {
  tree();
  const auto identities = fetched();
  make("got/d/mine", "mine");
  make("got/last", std::string(40'000, 'x'));
  make("got/d/deep/f4", "longer than before");
  fs::remove(at("got/d/link"));
  fs::create_symlink("elsewhere", at("got/d/link"));
  EXPECT_EQ(remove(identities), Rest::strange);
  EXPECT_EQ(left(),
            (std::vector<std::string>{"got/d/deep/f4", "got/d/link", "got/d/mine", "got/last"}));
}

TEST_F(RemoveWrittenTest, TellsWhatWasCopiedFromWhatWasChanged) {
  tree();
  const auto identities = fetched();
  for (const char* name : {"got/d/deep/f5", "got/d/deep/f7", "got/last"}) touch(name);
  EXPECT_EQ(remove(identities), Rest::none) << "the bytes are the same";
}

TEST_F(RemoveWrittenTest, RemovesAPartByItsNames) {
  tree();
  ASSERT_TRUE(create().ok());
  make(part("/last"), "a half");
  make(part("/d/strange"), "strange");
  EXPECT_EQ(remove({}, part()), Rest::strange);
  EXPECT_EQ(left(), std::vector<std::string>{part("/d/strange")});
}

TEST_F(RemoveWrittenTest, StopsWhenTold) {
  tree();
  const auto identities = fetched();
  const auto before = left();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(remove(identities, "got", stop.get_token()), Rest::unknown);
  EXPECT_EQ(left(), before);
}

TEST_F(RemoveWrittenTest, WhatMakesWayGetsANameAndWhatIsLeftAnother) {
  const auto place = parent("got");
  make(part("/mine"), "mine");
  make("got.old-1", "somebody else's");
  ASSERT_TRUE(set_aside(place, Lost::replaced, 0xABC).ok());
  EXPECT_TRUE(is_own_name(aside_name(0xABC)));
  EXPECT_EQ(left(), (std::vector<std::string>{".p2pd-0000000000000abc.gone/mine", "got.old-1"}));
  EXPECT_TRUE(set_aside(place, Lost::replaced, 0xABC).ok()) << "it was done before";
  const auto kept = keep_aside(place, 0xABC);
  ASSERT_TRUE(kept.ok()) << kept.fault().message;
  EXPECT_EQ(*kept, at("got.old-2"));
  EXPECT_EQ(contents(at("got.old-2/mine")), "mine");
}

TEST_F(RemoveWrittenTest, WhatIsLeftOfALongNameGetsItsBeginning) {
  std::string leaf;
  while (leaf.size() < 254) leaf += "\xC3\xA4"; // an umlaut
  const auto place = parent(leaf);
  make(aside_name(1), "mine");
  const auto kept = keep_aside(place, 1);
  ASSERT_TRUE(kept.ok()) << kept.fault().message;
  EXPECT_EQ(*kept, at(leaf.substr(0, 248) + ".old-1"));
}

} // namespace
} // namespace p2pd::store
