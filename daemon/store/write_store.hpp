// Where a fetch writes: its part (part_name.hpp) beside its destination, a file or the folder of a
// tree, renamed to that when the last chunk is verified. Every file has its final size from its
// first moment, so what was not written yet reads as zeros, and chunks of zeros need not be written
// at all. A file alone is there at once; those of a tree come when the first byte of them does, and
// the rest at the end, but all at once where the file system folds names, so that two names that
// are one there are found before the first byte. It reads what was fetched as any other store does,
// and so the same object is a seeder's source during the fetch and after it. A repair writes into
// the finished file or tree itself; it makes, renames and removes nothing.
//
// Whoever writes holds a lock (flock) on the root, so that no two transfers meet in one, whatever
// paths led them there. It goes with the descriptor, and so with the process.
//
// What must happen in which order is the caller's to hold: verify, write(), sync(), and only then
// say in the database that a chunk is there; after all of them finish(). The row of the transfer is
// committed before create(), so that a part is always known to be p2pd's own.
//
// Thread: any; reads and writes from several at a time and sync() beside them, everything else from
// one and with no write in flight. A sync() that nobody waits for any more may still run beside
// finish(): one of them waits for the other. Blocking. Errors: EEXIST, ENOSPC and EDQUOT, EIO,
// ESTALE as in outcome.hpp, EBUSY when somebody else writes there; messages name the destination or
// the file in it.
#pragma once

#include "daemon/disk/attributes.hpp"
#include "daemon/disk/confine.hpp"
#include "daemon/disk/part_mark.hpp"
#include "daemon/store/file_set.hpp"
#include "daemon/store/free_space.hpp"
#include "daemon/store/part_name.hpp"
#include "daemon/store/store.hpp"
#include "daemon/store/tree_files.hpp"

#include <atomic>
#include <mutex>

namespace p2pd::store {

class WriteStore final : public Store {
 public:
  // Checks that there is room, makes the part new and reserves the space. What was made of it when
  // something fails is removed again.
  static disk::Result<std::shared_ptr<WriteStore>>
  create(disk::Folders::Parent parent, Layout layout, const std::stop_token& stop = {});

  struct Resumed {
    std::shared_ptr<WriteStore> store;
    // By chunk: whether it cannot be there as it was written, as a file of it was missing or of
    // another size. Where one of these is said to be there, somebody has been at it, and every
    // chunk is to be verified.
    std::vector<bool> lost;
    disk::PartMark
        mark; // as it was found; whoever knows another one has to have every chunk verified
  };
  // Opens the part of an earlier run; reserve_space() is to follow, once it is known what is there.
  // ENOENT when it is gone.
  static disk::Result<Resumed> resume(disk::Folders::Parent parent, Layout layout,
                                      const std::stop_token& stop = {});

  // Opens the destination itself, of which some chunks are to be written again. ESTALE where it is
  // not of the sizes that it should be. As writing changes the times of the files, whatever knows
  // them by their identities is to be closed before, and opened with the new ones after finish().
  static disk::Result<std::shared_ptr<WriteStore>>
  repair(disk::Folders::Parent parent, Layout layout, const std::stop_token& stop = {});

  disk::Outcome write(proto::ByteOffset to, proto::View bytes) const {
    const Writing noted(*this);
    return files()->write(to, bytes);
  }
  // To be asked only for what was written, or is zeros.
  disk::Outcome read(proto::ByteOffset from, std::span<const iovec> into) const override {
    return files()->read(from, into);
  }

  // All that was written before this call is on the disk when it returns, with the mark that it
  // answers: to be saved with the chunks that are there. A tree is synced by one syncfs, which
  // waits for everything else on that file system too. In a repair there is no mark.
  // ESTALE where the part has not the tag of the last sync: others wrote into it, so that it is to
  // be resumed. finish() looks as well.
  disk::Result<disk::PartMark> sync();
  // Every chunk was verified, so that earlier marks say nothing of it any more.
  void begin_line();
  // They are synced, and are not likely to be read soon.
  void let_go(std::span<const proto::ChunkIndex> chunks) const;

  // Before the destination is looked at: puts back what a crash has left between two names.
  static disk::Outcome settle(const disk::Folders::Parent& parent);

  // Of a part that was resumed: checks that there is room for what is missing and reserves it. What
  // was written as a hole stays one.
  disk::Outcome reserve_space(const MissingChunks& missing, const std::stop_token& stop) const;
  // Whether what is still missing would fit now.
  disk::Outcome check_free_space() const;

  // Puts the whole thing in its place, durably. Without `replace`, what is there already stays and
  // the answer is EEXIST; with it, a file takes the place of a file and a tree that of a tree,
  // which is then the caller's to set aside (aside.hpp). Nothing may be written any more; reads go
  // on, before and after. After a repair everything is in its place already, and only synced, a
  // tree with the times it had. `attributes`: of a single file, where they are known.
  disk::Outcome finish(bool replace, const std::optional<disk::Attributes>& attributes = {});
  bool replaced() const { return replaced_; } // something, by finish
  // After finish: whether the files are what they were then, and what that was.
  disk::Outcome unchanged() const override { return files()->check_identities(); }
  disk::Outcome untouched() const override { return files()->check_identities(true); }
  std::vector<disk::Identity> identities() const { return files()->identities(); }

  // Removes the part, as far as this store made it; nothing in a repair. A write may still be in
  // flight, as it makes no file from here on.
  void discard();
  // The same where that may take long: of a tree all is left there, and true.
  bool leave();

  const Layout& layout() const { return layout_; }
  const std::string& path() const { return parent_.path; }

 private:
  enum class Mode : bool { fetch, repair };
  WriteStore(Mode mode, disk::Folders::Parent parent, disk::Fd root, Layout layout);
  static disk::Result<std::shared_ptr<WriteStore>> open(Mode mode, disk::Folders::Parent parent,
                                                        Layout layout);
  static std::string part_of(Mode mode, const std::string& leaf) {
    return mode == Mode::fetch ? part_name(leaf) : leaf;
  }

  // While it lives the tag says that p2pd writes, so that it is known by whom the part was changed
  // where p2pd is killed.
  class Writing {
   public:
    explicit Writing(const WriteStore& store);
    ~Writing();
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    const WriteStore& store_;
    const bool tagged_;
  };
  void note_writing(std::int64_t for_ns) const;

  bool single() const { return layout_.manifest().single_file(); }
  std::shared_ptr<const FileSet> files() const;
  disk::Outcome lock() const;
  disk::PartMark look() const; // without tag and time
  disk::Outcome check_tag() const;
  disk::Outcome lay_out(const std::stop_token& stop);
  bool names_fold() const;
  disk::Outcome make_all(TreeFiles& tree, const std::stop_token& stop) const;
  disk::Outcome make_rest() const;
  disk::Result<TreeFiles::Adopted> adopt(const std::stop_token& stop);
  disk::Outcome check_sizes(const std::stop_token& stop) const;
  disk::Outcome check_folder() const; // ENOENT where its path leads to another one now, or to none
  bool is_there() const;              // what was opened still has its name
  disk::Outcome put_in_place(bool replace);
  disk::Outcome remove_tag();
  void drop_tag();
  disk::Outcome reopen(std::vector<disk::Identity> identities);
  disk::Fault not_own() const;

  const Mode mode_;
  const disk::Folders::Parent parent_;
  const std::string part_;      // what is written: the part, or the leaf
  const std::string part_path_; // where that is
  const Layout layout_;
  const std::shared_ptr<Unmade> unmade_; // null: a single file, or a repair
  const std::string tag_name_;           // of a tree
  std::atomic<bool> tagged_ = false;     // there is a tag
  mutable std::atomic<unsigned> writers_ = 0;
  std::mutex syncing_;  // held by sync() and finish(), which use what follows
  disk::PartMark mark_; // of the last sync
  bool finished_ = false;
  bool named_durably_ = false; // the part itself was synced
  bool replaced_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<const FileSet> files_; // swapped by finish
};

} // namespace p2pd::store
