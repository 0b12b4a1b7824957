// SPDX-License-Identifier: Apache-2.0
/*
 * SYSCALL_PROTO(name, parameters): system calls by the names that the kernel's SYSCALL_DEFINE macros give
 * them, and thus tracepoints sys_enter_NAME and functions such as __x64_sys_NAME. Sorted by name. The
 * kernel's own declarations, as format files of tracepoints show them: from cilium/tetragon
 * pkg/syscallinfo/syscalls.json, a dump of those; newer calls by hand from the kernel's interface, up to
 * Linux 6.18.
 */
SYSCALL_PROTO(accept, "int fd, struct sockaddr *upeer_sockaddr, int *upeer_addrlen")
SYSCALL_PROTO(accept4, "int fd, struct sockaddr *upeer_sockaddr, int *upeer_addrlen, int flags")
SYSCALL_PROTO(access, "const char *filename, int mode")
SYSCALL_PROTO(acct, "const char *name")
SYSCALL_PROTO(
	add_key,
	"const char *_type, const char *_description, const void *_payload, size_t plen, key_serial_t ringid")
SYSCALL_PROTO(adjtimex, "struct timex *txc_p")
SYSCALL_PROTO(adjtimex_time32, "struct old_timex32 *utp")
SYSCALL_PROTO(alarm, "unsigned int seconds")
SYSCALL_PROTO(arch_prctl, "int option, unsigned long arg2")
SYSCALL_PROTO(bdflush, "int func, long data")
SYSCALL_PROTO(bind, "int fd, struct sockaddr *umyaddr, int addrlen")
SYSCALL_PROTO(bpf, "int cmd, union bpf_attr *uattr, unsigned int size")
SYSCALL_PROTO(brk, "unsigned long brk")
SYSCALL_PROTO(
	cachestat,
	"unsigned int fd, struct cachestat_range *cstat_range, struct cachestat *cstat, unsigned int flags")
SYSCALL_PROTO(capget, "cap_user_header_t header, cap_user_data_t dataptr")
SYSCALL_PROTO(capset, "cap_user_header_t header, const cap_user_data_t data")
SYSCALL_PROTO(chdir, "const char *filename")
SYSCALL_PROTO(chmod, "const char *filename, umode_t mode")
SYSCALL_PROTO(chown, "const char *filename, uid_t user, gid_t group")
SYSCALL_PROTO(chown16, "const char *filename, old_uid_t user, old_gid_t group")
SYSCALL_PROTO(chroot, "const char *filename")
SYSCALL_PROTO(clock_adjtime, "const clockid_t which_clock, struct timex *utx")
SYSCALL_PROTO(clock_adjtime32, "clockid_t which_clock, struct old_timex32 *utp")
SYSCALL_PROTO(clock_getres, "const clockid_t which_clock, struct timespec *tp")
SYSCALL_PROTO(clock_getres_time32, "clockid_t which_clock, struct old_timespec32 *tp")
SYSCALL_PROTO(clock_gettime, "const clockid_t which_clock, struct timespec *tp")
SYSCALL_PROTO(clock_gettime32, "clockid_t which_clock, struct old_timespec32 *tp")
SYSCALL_PROTO(clock_nanosleep,
	      "const clockid_t which_clock, int flags, const struct timespec *rqtp, struct timespec *rmtp")
SYSCALL_PROTO(clock_nanosleep_time32,
	      "clockid_t which_clock, int flags, struct old_timespec32 *rqtp, struct old_timespec32 *rmtp")
SYSCALL_PROTO(clock_settime, "const clockid_t which_clock, const struct timespec *tp")
SYSCALL_PROTO(clock_settime32, "clockid_t which_clock, struct old_timespec32 *tp")
SYSCALL_PROTO(
	clone,
	"unsigned long clone_flags, unsigned long newsp, int *parent_tidptr, int *child_tidptr, unsigned long tls")
SYSCALL_PROTO(clone3, "struct clone_args *uargs, size_t size")
SYSCALL_PROTO(close, "unsigned int fd")
SYSCALL_PROTO(close_range, "unsigned int fd, unsigned int max_fd, unsigned int flags")
SYSCALL_PROTO(connect, "int fd, struct sockaddr *uservaddr, int addrlen")
SYSCALL_PROTO(copy_file_range,
	      "int fd_in, loff_t *off_in, int fd_out, loff_t *off_out, size_t len, unsigned int flags")
SYSCALL_PROTO(creat, "const char *pathname, umode_t mode")
SYSCALL_PROTO(delete_module, "const char *name_user, unsigned int flags")
SYSCALL_PROTO(dup, "unsigned int fildes")
SYSCALL_PROTO(dup2, "unsigned int oldfd, unsigned int newfd")
SYSCALL_PROTO(dup3, "unsigned int oldfd, unsigned int newfd, int flags")
SYSCALL_PROTO(epoll_create, "int size")
SYSCALL_PROTO(epoll_create1, "int flags")
SYSCALL_PROTO(epoll_ctl, "int epfd, int op, int fd, struct epoll_event *event")
SYSCALL_PROTO(
	epoll_pwait,
	"int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask, size_t sigsetsize")
SYSCALL_PROTO(
	epoll_pwait2,
	"int epfd, struct epoll_event *events, int maxevents, const struct __kernel_timespec *timeout, const sigset_t *sigmask, size_t sigsetsize")
SYSCALL_PROTO(epoll_wait, "int epfd, struct epoll_event *events, int maxevents, int timeout")
SYSCALL_PROTO(eventfd, "unsigned int count")
SYSCALL_PROTO(eventfd2, "unsigned int count, int flags")
SYSCALL_PROTO(execve, "const char *filename, const char *const *argv, const char *const *envp")
SYSCALL_PROTO(execveat,
	      "int fd, const char *filename, const char *const *argv, const char *const *envp, int flags")
SYSCALL_PROTO(exit, "int error_code")
SYSCALL_PROTO(exit_group, "int error_code")
SYSCALL_PROTO(faccessat, "int dfd, const char *filename, int mode")
SYSCALL_PROTO(faccessat2, "int dfd, const char *filename, int mode, int flags")
SYSCALL_PROTO(fadvise64, "int fd, loff_t offset, size_t len, int advice")
SYSCALL_PROTO(fadvise64_64, "int fd, loff_t offset, loff_t len, int advice")
SYSCALL_PROTO(fallocate, "int fd, int mode, loff_t offset, loff_t len")
SYSCALL_PROTO(fanotify_init, "unsigned int flags, unsigned int event_f_flags")
SYSCALL_PROTO(fanotify_mark, "int fanotify_fd, unsigned int flags, __u64 mask, int dfd, const char *pathname")
SYSCALL_PROTO(fchdir, "unsigned int fd")
SYSCALL_PROTO(fchmod, "unsigned int fd, umode_t mode")
SYSCALL_PROTO(fchmodat, "int dfd, const char *filename, umode_t mode")
SYSCALL_PROTO(fchmodat2, "int dfd, const char *filename, umode_t mode, unsigned int flags")
SYSCALL_PROTO(fchown, "unsigned int fd, uid_t user, gid_t group")
SYSCALL_PROTO(fchown16, "unsigned int fd, old_uid_t user, old_gid_t group")
SYSCALL_PROTO(fchownat, "int dfd, const char *filename, uid_t user, gid_t group, int flag")
SYSCALL_PROTO(fcntl, "unsigned int fd, unsigned int cmd, unsigned long arg")
SYSCALL_PROTO(fdatasync, "unsigned int fd")
SYSCALL_PROTO(fgetxattr, "int fd, const char *name, void *value, size_t size")
SYSCALL_PROTO(file_getattr,
	      "int dfd, const char *filename, struct file_attr *ufattr, size_t usize, unsigned int at_flags")
SYSCALL_PROTO(file_setattr,
	      "int dfd, const char *filename, struct file_attr *ufattr, size_t usize, unsigned int at_flags")
SYSCALL_PROTO(finit_module, "int fd, const char *uargs, int flags")
SYSCALL_PROTO(flistxattr, "int fd, char *list, size_t size")
SYSCALL_PROTO(flock, "unsigned int fd, unsigned int cmd")
SYSCALL_PROTO(fork, "")
SYSCALL_PROTO(fremovexattr, "int fd, const char *name")
SYSCALL_PROTO(fsconfig, "int fd, unsigned int cmd, const char *_key, const void *_value, int aux")
SYSCALL_PROTO(fsetxattr, "int fd, const char *name, const void *value, size_t size, int flags")
SYSCALL_PROTO(fsmount, "int fs_fd, unsigned int flags, unsigned int attr_flags")
SYSCALL_PROTO(fsopen, "const char *_fs_name, unsigned int flags")
SYSCALL_PROTO(fspick, "int dfd, const char *path, unsigned int flags")
SYSCALL_PROTO(fstat, "unsigned int fd, struct __old_kernel_stat *statbuf")
SYSCALL_PROTO(fstatfs, "unsigned int fd, struct statfs *buf")
SYSCALL_PROTO(fstatfs64, "unsigned int fd, size_t sz, struct statfs64 *buf")
SYSCALL_PROTO(fsync, "unsigned int fd")
SYSCALL_PROTO(ftruncate, "unsigned int fd, unsigned long length")
SYSCALL_PROTO(futex, "u32 *uaddr, int op, u32 val, struct timespec *utime, u32 *uaddr2, u32 val3")
SYSCALL_PROTO(futex_requeue, "struct futex_waitv *waiters, unsigned int flags, int nr_wake, int nr_requeue")
SYSCALL_PROTO(futex_time32,
	      "u32 *uaddr, int op, u32 val, struct old_timespec32 *utime, u32 *uaddr2, u32 val3")
SYSCALL_PROTO(
	futex_wait,
	"void *uaddr, unsigned long val, unsigned long mask, unsigned int flags, struct __kernel_timespec *timeout, clockid_t clockid")
SYSCALL_PROTO(
	futex_waitv,
	"struct futex_waitv *waiters, unsigned int nr_futexes, unsigned int flags, struct __kernel_timespec *timeout, clockid_t clockid")
SYSCALL_PROTO(futex_wake, "void *uaddr, unsigned long mask, int nr, unsigned int flags")
SYSCALL_PROTO(futimesat, "int dfd, const char *filename, struct timeval *utimes")
SYSCALL_PROTO(futimesat_time32, "unsigned int dfd, const char *filename, struct old_timeval32 *t")
SYSCALL_PROTO(
	get_mempolicy,
	"int *policy, unsigned long *nmask, unsigned long maxnode, unsigned long addr, unsigned long flags")
SYSCALL_PROTO(get_robust_list, "int pid, struct robust_list_head **head_ptr, size_t *len_ptr")
SYSCALL_PROTO(get_thread_area, "struct user_desc *u_info")
SYSCALL_PROTO(getcpu, "unsigned *cpup, unsigned *nodep, struct getcpu_cache *unused")
SYSCALL_PROTO(getcwd, "char *buf, unsigned long size")
SYSCALL_PROTO(getdents, "unsigned int fd, struct linux_dirent *dirent, unsigned int count")
SYSCALL_PROTO(getdents64, "unsigned int fd, struct linux_dirent64 *dirent, unsigned int count")
SYSCALL_PROTO(getegid, "")
SYSCALL_PROTO(geteuid, "")
SYSCALL_PROTO(getgid, "")
SYSCALL_PROTO(getgroups, "int gidsetsize, gid_t *grouplist")
SYSCALL_PROTO(getgroups16, "int gidsetsize, old_gid_t *grouplist")
SYSCALL_PROTO(getitimer, "int which, struct itimerval *value")
SYSCALL_PROTO(getpeername, "int fd, struct sockaddr *usockaddr, int *usockaddr_len")
SYSCALL_PROTO(getpgid, "pid_t pid")
SYSCALL_PROTO(getpgrp, "")
SYSCALL_PROTO(getpid, "")
SYSCALL_PROTO(getppid, "")
SYSCALL_PROTO(getpriority, "int which, int who")
SYSCALL_PROTO(getrandom, "char *buf, size_t count, unsigned int flags")
SYSCALL_PROTO(getresgid, "gid_t *rgidp, gid_t *egidp, gid_t *sgidp")
SYSCALL_PROTO(getresgid16, "old_gid_t *rgidp, old_gid_t *egidp, old_gid_t *sgidp")
SYSCALL_PROTO(getresuid, "uid_t *ruidp, uid_t *euidp, uid_t *suidp")
SYSCALL_PROTO(getresuid16, "old_uid_t *ruidp, old_uid_t *euidp, old_uid_t *suidp")
SYSCALL_PROTO(getrlimit, "unsigned int resource, struct rlimit *rlim")
SYSCALL_PROTO(getrusage, "int who, struct rusage *ru")
SYSCALL_PROTO(getsid, "pid_t pid")
SYSCALL_PROTO(getsockname, "int fd, struct sockaddr *usockaddr, int *usockaddr_len")
SYSCALL_PROTO(getsockopt, "int fd, int level, int optname, char *optval, int *optlen")
SYSCALL_PROTO(gettid, "")
SYSCALL_PROTO(gettimeofday, "struct timeval *tv, struct timezone *tz")
SYSCALL_PROTO(getuid, "")
SYSCALL_PROTO(getxattr, "const char *pathname, const char *name, void *value, size_t size")
SYSCALL_PROTO(
	getxattrat,
	"int dfd, const char *pathname, unsigned int at_flags, const char *name, struct xattr_args *uargs, size_t usize")
SYSCALL_PROTO(ia32_fadvise64,
	      "int fd, unsigned int offset_lo, unsigned int offset_hi, size_t len, int advice")
SYSCALL_PROTO(ia32_fadvise64_64,
	      "int fd, __u32 offset_low, __u32 offset_high, __u32 len_low, __u32 len_high, int advice")
SYSCALL_PROTO(
	ia32_fallocate,
	"int fd, int mode, unsigned int offset_lo, unsigned int offset_hi, unsigned int len_lo, unsigned int len_hi")
SYSCALL_PROTO(ia32_ftruncate64, "unsigned int fd, unsigned long offset_low, unsigned long offset_high")
SYSCALL_PROTO(ia32_pread64, "unsigned int fd, char *ubuf, u32 count, u32 poslo, u32 poshi")
SYSCALL_PROTO(ia32_pwrite64, "unsigned int fd, const char *ubuf, u32 count, u32 poslo, u32 poshi")
SYSCALL_PROTO(ia32_readahead, "int fd, unsigned int off_lo, unsigned int off_hi, size_t count")
SYSCALL_PROTO(
	ia32_sync_file_range,
	"int fd, unsigned int off_low, unsigned int off_hi, unsigned int n_low, unsigned int n_hi, int flags")
SYSCALL_PROTO(ia32_truncate64, "const char *filename, unsigned long offset_low, unsigned long offset_high")
SYSCALL_PROTO(init_module, "void *umod, unsigned long len, const char *uargs")
SYSCALL_PROTO(inotify_add_watch, "int fd, const char *pathname, u32 mask")
SYSCALL_PROTO(inotify_init, "")
SYSCALL_PROTO(inotify_init1, "int flags")
SYSCALL_PROTO(inotify_rm_watch, "int fd, __s32 wd")
SYSCALL_PROTO(io_cancel, "aio_context_t ctx_id, struct iocb *iocb, struct io_event *result")
SYSCALL_PROTO(io_destroy, "aio_context_t ctx")
SYSCALL_PROTO(io_getevents,
	      "aio_context_t ctx_id, long min_nr, long nr, struct io_event *events, struct timespec *timeout")
SYSCALL_PROTO(io_getevents_time32,
	      "__u32 ctx_id, __s32 min_nr, __s32 nr, struct io_event *events, struct old_timespec32 *timeout")
SYSCALL_PROTO(
	io_pgetevents,
	"aio_context_t ctx_id, long min_nr, long nr, struct io_event *events, struct timespec *timeout, const struct __aio_sigset *usig")
SYSCALL_PROTO(io_setup, "unsigned nr_events, aio_context_t *ctxp")
SYSCALL_PROTO(io_submit, "aio_context_t ctx_id, long nr, struct iocb **iocbpp")
SYSCALL_PROTO(io_uring_enter,
	      "unsigned int fd, u32 to_submit, u32 min_complete, u32 flags, const sigset_t *sig, size_t sigsz")
SYSCALL_PROTO(io_uring_register, "unsigned int fd, unsigned int opcode, void *arg, unsigned int nr_args")
SYSCALL_PROTO(io_uring_setup, "u32 entries, struct io_uring_params *params")
SYSCALL_PROTO(ioctl, "unsigned int fd, unsigned int cmd, unsigned long arg")
SYSCALL_PROTO(ioperm, "unsigned long from, unsigned long num, int turn_on")
SYSCALL_PROTO(iopl, "unsigned int level")
SYSCALL_PROTO(ioprio_get, "int which, int who")
SYSCALL_PROTO(ioprio_set, "int which, int who, int ioprio")
SYSCALL_PROTO(kcmp, "pid_t pid1, pid_t pid2, int type, unsigned long idx1, unsigned long idx2")
SYSCALL_PROTO(
	kexec_file_load,
	"int kernel_fd, int initrd_fd, unsigned long cmdline_len, const char *cmdline_ptr, unsigned long flags")
SYSCALL_PROTO(
	kexec_load,
	"unsigned long entry, unsigned long nr_segments, struct kexec_segment *segments, unsigned long flags")
SYSCALL_PROTO(keyctl,
	      "int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5")
SYSCALL_PROTO(kill, "pid_t pid, int sig")
SYSCALL_PROTO(
	landlock_add_rule,
	"const int ruleset_fd, const enum landlock_rule_type rule_type, const void *rule_attr, const __u32 flags")
SYSCALL_PROTO(landlock_create_ruleset,
	      "const struct landlock_ruleset_attr *attr, const size_t size, const __u32 flags")
SYSCALL_PROTO(landlock_restrict_self, "const int ruleset_fd, const __u32 flags")
SYSCALL_PROTO(lchown, "const char *filename, uid_t user, gid_t group")
SYSCALL_PROTO(lchown16, "const char *filename, old_uid_t user, old_gid_t group")
SYSCALL_PROTO(lgetxattr, "const char *pathname, const char *name, void *value, size_t size")
SYSCALL_PROTO(link, "const char *oldname, const char *newname")
SYSCALL_PROTO(linkat, "int olddfd, const char *oldname, int newdfd, const char *newname, int flags")
SYSCALL_PROTO(listen, "int fd, int backlog")
SYSCALL_PROTO(listmount, "const struct mnt_id_req *req, u64 *mnt_ids, size_t nr_mnt_ids, unsigned int flags")
SYSCALL_PROTO(listxattr, "const char *pathname, char *list, size_t size")
SYSCALL_PROTO(listxattrat, "int dfd, const char *pathname, unsigned int at_flags, char *list, size_t size")
SYSCALL_PROTO(llistxattr, "const char *pathname, char *list, size_t size")
SYSCALL_PROTO(
	llseek,
	"unsigned int fd, unsigned long offset_high, unsigned long offset_low, loff_t *result, unsigned int whence")
SYSCALL_PROTO(lookup_dcookie, "u64 cookie64, char *buf, size_t len")
SYSCALL_PROTO(lremovexattr, "const char *pathname, const char *name")
SYSCALL_PROTO(lseek, "unsigned int fd, off_t offset, unsigned int whence")
SYSCALL_PROTO(lsetxattr, "const char *pathname, const char *name, const void *value, size_t size, int flags")
SYSCALL_PROTO(lsm_get_self_attr, "unsigned int attr, struct lsm_ctx *ctx, u32 *size, u32 flags")
SYSCALL_PROTO(lsm_list_modules, "u64 *ids, u32 *size, u32 flags")
SYSCALL_PROTO(lsm_set_self_attr, "unsigned int attr, struct lsm_ctx *ctx, u32 size, u32 flags")
SYSCALL_PROTO(lstat, "const char *filename, struct __old_kernel_stat *statbuf")
SYSCALL_PROTO(madvise, "unsigned long start, size_t len_in, int behavior")
SYSCALL_PROTO(map_shadow_stack, "unsigned long addr, unsigned long size, unsigned int flags")
SYSCALL_PROTO(
	mbind,
	"unsigned long start, unsigned long len, unsigned long mode, const unsigned long *nmask, unsigned long maxnode, unsigned int flags")
SYSCALL_PROTO(membarrier, "int cmd, unsigned int flags, int cpu_id")
SYSCALL_PROTO(memfd_create, "const char *uname, unsigned int flags")
SYSCALL_PROTO(memfd_secret, "unsigned int flags")
SYSCALL_PROTO(
	migrate_pages,
	"pid_t pid, unsigned long maxnode, const unsigned long *old_nodes, const unsigned long *new_nodes")
SYSCALL_PROTO(mincore, "unsigned long start, size_t len, unsigned char *vec")
SYSCALL_PROTO(mkdir, "const char *pathname, umode_t mode")
SYSCALL_PROTO(mkdirat, "int dfd, const char *pathname, umode_t mode")
SYSCALL_PROTO(mknod, "const char *filename, umode_t mode, unsigned dev")
SYSCALL_PROTO(mknodat, "int dfd, const char *filename, umode_t mode, unsigned int dev")
SYSCALL_PROTO(mlock, "unsigned long start, size_t len")
SYSCALL_PROTO(mlock2, "unsigned long start, size_t len, int flags")
SYSCALL_PROTO(mlockall, "int flags")
SYSCALL_PROTO(
	mmap,
	"unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long off")
SYSCALL_PROTO(
	mmap_pgoff,
	"unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long pgoff")
SYSCALL_PROTO(modify_ldt, "int func, void *ptr, unsigned long bytecount")
SYSCALL_PROTO(mount, "char *dev_name, char *dir_name, char *type, unsigned long flags, void *data")
SYSCALL_PROTO(mount_setattr,
	      "int dfd, const char *path, unsigned int flags, struct mount_attr *uattr, size_t usize")
SYSCALL_PROTO(
	move_mount,
	"int from_dfd, const char *from_pathname, int to_dfd, const char *to_pathname, unsigned int flags")
SYSCALL_PROTO(
	move_pages,
	"pid_t pid, unsigned long nr_pages, const void **pages, const int *nodes, int *status, int flags")
SYSCALL_PROTO(mprotect, "unsigned long start, size_t len, unsigned long prot")
SYSCALL_PROTO(mq_getsetattr, "mqd_t mqdes, const struct mq_attr *u_mqstat, struct mq_attr *u_omqstat")
SYSCALL_PROTO(mq_notify, "mqd_t mqdes, const struct sigevent *u_notification")
SYSCALL_PROTO(mq_open, "const char *u_name, int oflag, umode_t mode, struct mq_attr *u_attr")
SYSCALL_PROTO(
	mq_timedreceive,
	"mqd_t mqdes, char *u_msg_ptr, size_t msg_len, unsigned int *u_msg_prio, const struct timespec *u_abs_timeout")
SYSCALL_PROTO(
	mq_timedreceive_time32,
	"mqd_t mqdes, char *u_msg_ptr, unsigned int msg_len, unsigned int *u_msg_prio, const struct old_timespec32 *u_abs_timeout")
SYSCALL_PROTO(
	mq_timedsend,
	"mqd_t mqdes, const char *u_msg_ptr, size_t msg_len, unsigned int msg_prio, const struct timespec *u_abs_timeout")
SYSCALL_PROTO(
	mq_timedsend_time32,
	"mqd_t mqdes, const char *u_msg_ptr, unsigned int msg_len, unsigned int msg_prio, const struct old_timespec32 *u_abs_timeout")
SYSCALL_PROTO(mq_unlink, "const char *u_name")
SYSCALL_PROTO(
	mremap,
	"unsigned long addr, unsigned long old_len, unsigned long new_len, unsigned long flags, unsigned long new_addr")
SYSCALL_PROTO(mseal, "unsigned long start, size_t len, unsigned long flags")
SYSCALL_PROTO(msgctl, "int msqid, int cmd, struct msqid_ds *buf")
SYSCALL_PROTO(msgget, "key_t key, int msgflg")
SYSCALL_PROTO(msgrcv, "int msqid, struct msgbuf *msgp, size_t msgsz, long msgtyp, int msgflg")
SYSCALL_PROTO(msgsnd, "int msqid, struct msgbuf *msgp, size_t msgsz, int msgflg")
SYSCALL_PROTO(msync, "unsigned long start, size_t len, int flags")
SYSCALL_PROTO(munlock, "unsigned long start, size_t len")
SYSCALL_PROTO(munlockall, "")
SYSCALL_PROTO(munmap, "unsigned long addr, size_t len")
SYSCALL_PROTO(name_to_handle_at,
	      "int dfd, const char *name, struct file_handle *handle, int *mnt_id, int flag")
SYSCALL_PROTO(nanosleep, "struct timespec *rqtp, struct timespec *rmtp")
SYSCALL_PROTO(nanosleep_time32, "struct old_timespec32 *rqtp, struct old_timespec32 *rmtp")
SYSCALL_PROTO(newfstat, "unsigned int fd, struct stat *statbuf")
SYSCALL_PROTO(newfstatat, "int dfd, const char *filename, struct stat *statbuf, int flag")
SYSCALL_PROTO(newlstat, "const char *filename, struct stat *statbuf")
SYSCALL_PROTO(newstat, "const char *filename, struct stat *statbuf")
SYSCALL_PROTO(newuname, "struct new_utsname *name")
SYSCALL_PROTO(nice, "int increment")
SYSCALL_PROTO(old_getrlimit, "unsigned int resource, struct rlimit *rlim")
SYSCALL_PROTO(old_readdir, "unsigned int fd, struct old_linux_dirent *dirent, unsigned int count")
SYSCALL_PROTO(oldumount, "char *name")
SYSCALL_PROTO(olduname, "struct oldold_utsname *name")
SYSCALL_PROTO(open, "const char *filename, int flags, umode_t mode")
SYSCALL_PROTO(open_by_handle_at, "int mountdirfd, struct file_handle *handle, int flags")
SYSCALL_PROTO(open_tree, "int dfd, const char *filename, unsigned flags")
SYSCALL_PROTO(open_tree_attr,
	      "int dfd, const char *filename, unsigned int flags, struct mount_attr *uattr, size_t usize")
SYSCALL_PROTO(openat, "int dfd, const char *filename, int flags, umode_t mode")
SYSCALL_PROTO(openat2, "int dfd, const char *filename, struct open_how *how, size_t usize")
SYSCALL_PROTO(pause, "")
SYSCALL_PROTO(perf_event_open,
	      "struct perf_event_attr *attr_uptr, pid_t pid, int cpu, int group_fd, unsigned long flags")
SYSCALL_PROTO(personality, "unsigned int personality")
SYSCALL_PROTO(pidfd_getfd, "int pidfd, int fd, unsigned int flags")
SYSCALL_PROTO(pidfd_open, "pid_t pid, unsigned int flags")
SYSCALL_PROTO(pidfd_send_signal, "int pidfd, int sig, siginfo_t *info, unsigned int flags")
SYSCALL_PROTO(pipe, "int *fildes")
SYSCALL_PROTO(pipe2, "int *fildes, int flags")
SYSCALL_PROTO(pivot_root, "const char *new_root, const char *put_old")
SYSCALL_PROTO(pkey_alloc, "unsigned long flags, unsigned long init_val")
SYSCALL_PROTO(pkey_free, "int pkey")
SYSCALL_PROTO(pkey_mprotect, "unsigned long start, size_t len, unsigned long prot, int pkey")
SYSCALL_PROTO(poll, "struct pollfd *ufds, unsigned int nfds, int timeout_msecs")
SYSCALL_PROTO(
	ppoll,
	"struct pollfd *ufds, unsigned int nfds, struct timespec *tsp, const sigset_t *sigmask, size_t sigsetsize")
SYSCALL_PROTO(prctl,
	      "int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5")
SYSCALL_PROTO(pread64, "unsigned int fd, char *buf, size_t count, loff_t pos")
SYSCALL_PROTO(
	preadv,
	"unsigned long fd, const struct iovec *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h")
SYSCALL_PROTO(
	preadv2,
	"unsigned long fd, const struct iovec *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h, rwf_t flags")
SYSCALL_PROTO(prlimit64,
	      "pid_t pid, unsigned int resource, const struct rlimit64 *new_rlim, struct rlimit64 *old_rlim")
SYSCALL_PROTO(process_madvise,
	      "int pidfd, const struct iovec *vec, size_t vlen, int behavior, unsigned int flags")
SYSCALL_PROTO(process_mrelease, "int pidfd, unsigned int flags")
SYSCALL_PROTO(
	process_vm_readv,
	"pid_t pid, const struct iovec *lvec, unsigned long liovcnt, const struct iovec *rvec, unsigned long riovcnt, unsigned long flags")
SYSCALL_PROTO(
	process_vm_writev,
	"pid_t pid, const struct iovec *lvec, unsigned long liovcnt, const struct iovec *rvec, unsigned long riovcnt, unsigned long flags")
SYSCALL_PROTO(pselect6, "int n, fd_set *inp, fd_set *outp, fd_set *exp, struct timespec *tsp, void *sig")
SYSCALL_PROTO(ptrace, "long request, long pid, unsigned long addr, unsigned long data")
SYSCALL_PROTO(pwrite64, "unsigned int fd, const char *buf, size_t count, loff_t pos")
SYSCALL_PROTO(
	pwritev,
	"unsigned long fd, const struct iovec *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h")
SYSCALL_PROTO(
	pwritev2,
	"unsigned long fd, const struct iovec *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h, rwf_t flags")
SYSCALL_PROTO(quotactl, "unsigned int cmd, const char *special, qid_t id, void *addr")
SYSCALL_PROTO(quotactl_fd, "unsigned int fd, unsigned int cmd, qid_t id, void *addr")
SYSCALL_PROTO(read, "unsigned int fd, char *buf, size_t count")
SYSCALL_PROTO(readahead, "int fd, loff_t offset, size_t count")
SYSCALL_PROTO(readlink, "const char *path, char *buf, int bufsiz")
SYSCALL_PROTO(readlinkat, "int dfd, const char *pathname, char *buf, int bufsiz")
SYSCALL_PROTO(readv, "unsigned long fd, const struct iovec *vec, unsigned long vlen")
SYSCALL_PROTO(reboot, "int magic1, int magic2, unsigned int cmd, void *arg")
SYSCALL_PROTO(recv, "int fd, void *ubuf, size_t size, unsigned int flags")
SYSCALL_PROTO(recvfrom,
	      "int fd, void *ubuf, size_t size, unsigned int flags, struct sockaddr *addr, int *addr_len")
SYSCALL_PROTO(recvmmsg,
	      "int fd, struct mmsghdr *mmsg, unsigned int vlen, unsigned int flags, struct timespec *timeout")
SYSCALL_PROTO(
	recvmmsg_time32,
	"int fd, struct mmsghdr *mmsg, unsigned int vlen, unsigned int flags, struct old_timespec32 *timeout")
SYSCALL_PROTO(recvmsg, "int fd, struct user_msghdr *msg, unsigned int flags")
SYSCALL_PROTO(
	remap_file_pages,
	"unsigned long start, unsigned long size, unsigned long prot, unsigned long pgoff, unsigned long flags")
SYSCALL_PROTO(removexattr, "const char *pathname, const char *name")
SYSCALL_PROTO(removexattrat, "int dfd, const char *pathname, unsigned int at_flags, const char *name")
SYSCALL_PROTO(rename, "const char *oldname, const char *newname")
SYSCALL_PROTO(renameat, "int olddfd, const char *oldname, int newdfd, const char *newname")
SYSCALL_PROTO(renameat2,
	      "int olddfd, const char *oldname, int newdfd, const char *newname, unsigned int flags")
SYSCALL_PROTO(
	request_key,
	"const char *_type, const char *_description, const char *_callout_info, key_serial_t destringid")
SYSCALL_PROTO(restart_syscall, "")
SYSCALL_PROTO(rmdir, "const char *pathname")
SYSCALL_PROTO(rseq, "struct rseq *rseq, u32 rseq_len, int flags, u32 sig")
SYSCALL_PROTO(rt_sigaction, "int sig, const struct sigaction *act, struct sigaction *oact, size_t sigsetsize")
SYSCALL_PROTO(rt_sigpending, "sigset_t *uset, size_t sigsetsize")
SYSCALL_PROTO(rt_sigprocmask, "int how, sigset_t *nset, sigset_t *oset, size_t sigsetsize")
SYSCALL_PROTO(rt_sigqueueinfo, "pid_t pid, int sig, siginfo_t *uinfo")
SYSCALL_PROTO(rt_sigreturn, "")
SYSCALL_PROTO(rt_sigsuspend, "sigset_t *unewset, size_t sigsetsize")
SYSCALL_PROTO(rt_sigtimedwait,
	      "const sigset_t *uthese, siginfo_t *uinfo, const struct timespec *uts, size_t sigsetsize")
SYSCALL_PROTO(rt_sigtimedwait_time32,
	      "const sigset_t *uthese, siginfo_t *uinfo, const struct old_timespec32 *uts, size_t sigsetsize")
SYSCALL_PROTO(rt_tgsigqueueinfo, "pid_t tgid, pid_t pid, int sig, siginfo_t *uinfo")
SYSCALL_PROTO(sched_get_priority_max, "int policy")
SYSCALL_PROTO(sched_get_priority_min, "int policy")
SYSCALL_PROTO(sched_getaffinity, "pid_t pid, unsigned int len, unsigned long *user_mask_ptr")
SYSCALL_PROTO(sched_getattr, "pid_t pid, struct sched_attr *uattr, unsigned int usize, unsigned int flags")
SYSCALL_PROTO(sched_getparam, "pid_t pid, struct sched_param *param")
SYSCALL_PROTO(sched_getscheduler, "pid_t pid")
SYSCALL_PROTO(sched_rr_get_interval, "pid_t pid, struct timespec *interval")
SYSCALL_PROTO(sched_rr_get_interval_time32, "pid_t pid, struct old_timespec32 *interval")
SYSCALL_PROTO(sched_setaffinity, "pid_t pid, unsigned int len, unsigned long *user_mask_ptr")
SYSCALL_PROTO(sched_setattr, "pid_t pid, struct sched_attr *uattr, unsigned int flags")
SYSCALL_PROTO(sched_setparam, "pid_t pid, struct sched_param *param")
SYSCALL_PROTO(sched_setscheduler, "pid_t pid, int policy, struct sched_param *param")
SYSCALL_PROTO(sched_yield, "")
SYSCALL_PROTO(seccomp, "unsigned int op, unsigned int flags, void *uargs")
SYSCALL_PROTO(select, "int n, fd_set *inp, fd_set *outp, fd_set *exp, struct timeval *tvp")
SYSCALL_PROTO(semctl, "int semid, int semnum, int cmd, unsigned long arg")
SYSCALL_PROTO(semget, "key_t key, int nsems, int semflg")
SYSCALL_PROTO(semop, "int semid, struct sembuf *tsops, unsigned nsops")
SYSCALL_PROTO(semtimedop,
	      "int semid, struct sembuf *tsops, unsigned int nsops, const struct timespec *timeout")
SYSCALL_PROTO(semtimedop_time32,
	      "int semid, struct sembuf *tsems, unsigned int nsops, const struct old_timespec32 *timeout")
SYSCALL_PROTO(send, "int fd, void *buff, size_t len, unsigned int flags")
SYSCALL_PROTO(sendfile, "int out_fd, int in_fd, off_t *offset, size_t count")
SYSCALL_PROTO(sendfile64, "int out_fd, int in_fd, loff_t *offset, size_t count")
SYSCALL_PROTO(sendmmsg, "int fd, struct mmsghdr *mmsg, unsigned int vlen, unsigned int flags")
SYSCALL_PROTO(sendmsg, "int fd, struct user_msghdr *msg, unsigned int flags")
SYSCALL_PROTO(sendto,
	      "int fd, void *buff, size_t len, unsigned int flags, struct sockaddr *addr, int addr_len")
SYSCALL_PROTO(set_mempolicy, "int mode, const unsigned long *nmask, unsigned long maxnode")
SYSCALL_PROTO(set_mempolicy_home_node,
	      "unsigned long start, unsigned long len, unsigned long home_node, unsigned long flags")
SYSCALL_PROTO(set_robust_list, "struct robust_list_head *head, size_t len")
SYSCALL_PROTO(set_thread_area, "struct user_desc *u_info")
SYSCALL_PROTO(set_tid_address, "int *tidptr")
SYSCALL_PROTO(setdomainname, "char *name, int len")
SYSCALL_PROTO(setfsgid, "gid_t gid")
SYSCALL_PROTO(setfsgid16, "old_gid_t gid")
SYSCALL_PROTO(setfsuid, "uid_t uid")
SYSCALL_PROTO(setfsuid16, "old_uid_t uid")
SYSCALL_PROTO(setgid, "gid_t gid")
SYSCALL_PROTO(setgid16, "old_gid_t gid")
SYSCALL_PROTO(setgroups, "int gidsetsize, gid_t *grouplist")
SYSCALL_PROTO(setgroups16, "int gidsetsize, old_gid_t *grouplist")
SYSCALL_PROTO(sethostname, "char *name, int len")
SYSCALL_PROTO(setitimer, "int which, struct itimerval *value, struct itimerval *ovalue")
SYSCALL_PROTO(setns, "int fd, int flags")
SYSCALL_PROTO(setpgid, "pid_t pid, pid_t pgid")
SYSCALL_PROTO(setpriority, "int which, int who, int niceval")
SYSCALL_PROTO(setregid, "gid_t rgid, gid_t egid")
SYSCALL_PROTO(setregid16, "old_gid_t rgid, old_gid_t egid")
SYSCALL_PROTO(setresgid, "gid_t rgid, gid_t egid, gid_t sgid")
SYSCALL_PROTO(setresgid16, "old_gid_t rgid, old_gid_t egid, old_gid_t sgid")
SYSCALL_PROTO(setresuid, "uid_t ruid, uid_t euid, uid_t suid")
SYSCALL_PROTO(setresuid16, "old_uid_t ruid, old_uid_t euid, old_uid_t suid")
SYSCALL_PROTO(setreuid, "uid_t ruid, uid_t euid")
SYSCALL_PROTO(setreuid16, "old_uid_t ruid, old_uid_t euid")
SYSCALL_PROTO(setrlimit, "unsigned int resource, struct rlimit *rlim")
SYSCALL_PROTO(setsid, "")
SYSCALL_PROTO(setsockopt, "int fd, int level, int optname, char *optval, int optlen")
SYSCALL_PROTO(settimeofday, "struct timeval *tv, struct timezone *tz")
SYSCALL_PROTO(setuid, "uid_t uid")
SYSCALL_PROTO(setuid16, "old_uid_t uid")
SYSCALL_PROTO(setxattr, "const char *pathname, const char *name, const void *value, size_t size, int flags")
SYSCALL_PROTO(
	setxattrat,
	"int dfd, const char *pathname, unsigned int at_flags, const char *name, const struct xattr_args *uargs, size_t usize")
SYSCALL_PROTO(sgetmask, "")
SYSCALL_PROTO(shmat, "int shmid, char *shmaddr, int shmflg")
SYSCALL_PROTO(shmctl, "int shmid, int cmd, struct shmid_ds *buf")
SYSCALL_PROTO(shmdt, "char *shmaddr")
SYSCALL_PROTO(shmget, "key_t key, size_t size, int shmflg")
SYSCALL_PROTO(shutdown, "int fd, int how")
SYSCALL_PROTO(sigaction, "int sig, const struct old_sigaction *act, struct old_sigaction *oact")
SYSCALL_PROTO(sigaltstack, "const stack_t *uss, stack_t *uoss")
SYSCALL_PROTO(signal, "int sig, __sighandler_t handler")
SYSCALL_PROTO(signalfd, "int ufd, sigset_t *user_mask, size_t sizemask")
SYSCALL_PROTO(signalfd4, "int ufd, sigset_t *user_mask, size_t sizemask, int flags")
SYSCALL_PROTO(sigpending, "old_sigset_t *uset")
SYSCALL_PROTO(sigprocmask, "int how, old_sigset_t *nset, old_sigset_t *oset")
SYSCALL_PROTO(sigreturn, "")
SYSCALL_PROTO(sigsuspend, "int unused1, int unused2, old_sigset_t mask")
SYSCALL_PROTO(socket, "int family, int type, int protocol")
SYSCALL_PROTO(socketcall, "int call, unsigned long *args")
SYSCALL_PROTO(socketpair, "int family, int type, int protocol, int *usockvec")
SYSCALL_PROTO(splice,
	      "int fd_in, loff_t *off_in, int fd_out, loff_t *off_out, size_t len, unsigned int flags")
SYSCALL_PROTO(ssetmask, "int newmask")
SYSCALL_PROTO(stat, "const char *filename, struct __old_kernel_stat *statbuf")
SYSCALL_PROTO(statfs, "const char *pathname, struct statfs *buf")
SYSCALL_PROTO(statfs64, "const char *pathname, size_t sz, struct statfs64 *buf")
SYSCALL_PROTO(statmount,
	      "const struct mnt_id_req *req, struct statmount *buf, size_t bufsize, unsigned int flags")
SYSCALL_PROTO(statx, "int dfd, const char *filename, unsigned flags, unsigned int mask, struct statx *buffer")
SYSCALL_PROTO(stime, "time_t *tptr")
SYSCALL_PROTO(stime32, "old_time32_t *tptr")
SYSCALL_PROTO(swapoff, "const char *specialfile")
SYSCALL_PROTO(swapon, "const char *specialfile, int swap_flags")
SYSCALL_PROTO(symlink, "const char *oldname, const char *newname")
SYSCALL_PROTO(symlinkat, "const char *oldname, int newdfd, const char *newname")
SYSCALL_PROTO(sync, "")
SYSCALL_PROTO(sync_file_range, "int fd, loff_t offset, loff_t nbytes, unsigned int flags")
SYSCALL_PROTO(sync_file_range2, "int fd, unsigned int flags, loff_t offset, loff_t nbytes")
SYSCALL_PROTO(syncfs, "int fd")
SYSCALL_PROTO(sysctl, "struct __sysctl_args *args")
SYSCALL_PROTO(sysfs, "int option, unsigned long arg1, unsigned long arg2")
SYSCALL_PROTO(sysinfo, "struct sysinfo *info")
SYSCALL_PROTO(syslog, "int type, char *buf, int len")
SYSCALL_PROTO(tee, "int fdin, int fdout, size_t len, unsigned int flags")
SYSCALL_PROTO(tgkill, "pid_t tgid, pid_t pid, int sig")
SYSCALL_PROTO(time, "time_t *tloc")
SYSCALL_PROTO(time32, "old_time32_t *tloc")
SYSCALL_PROTO(timer_create,
	      "const clockid_t which_clock, struct sigevent *timer_event_spec, timer_t *created_timer_id")
SYSCALL_PROTO(timer_delete, "timer_t timer_id")
SYSCALL_PROTO(timer_getoverrun, "timer_t timer_id")
SYSCALL_PROTO(timer_gettime, "timer_t timer_id, struct itimerspec *setting")
SYSCALL_PROTO(timer_gettime32, "timer_t timer_id, struct old_itimerspec32 *setting")
SYSCALL_PROTO(
	timer_settime,
	"timer_t timer_id, int flags, const struct itimerspec *new_setting, struct itimerspec *old_setting")
SYSCALL_PROTO(timer_settime32,
	      "timer_t timer_id, int flags, struct old_itimerspec32 *new, struct old_itimerspec32 *old")
SYSCALL_PROTO(timerfd_create, "int clockid, int flags")
SYSCALL_PROTO(timerfd_gettime, "int ufd, struct itimerspec *otmr")
SYSCALL_PROTO(timerfd_gettime32, "int ufd, struct old_itimerspec32 *otmr")
SYSCALL_PROTO(timerfd_settime, "int ufd, int flags, const struct itimerspec *utmr, struct itimerspec *otmr")
SYSCALL_PROTO(timerfd_settime32,
	      "int ufd, int flags, const struct old_itimerspec32 *utmr, struct old_itimerspec32 *otmr")
SYSCALL_PROTO(times, "struct tms *tbuf")
SYSCALL_PROTO(tkill, "pid_t pid, int sig")
SYSCALL_PROTO(truncate, "const char *path, long length")
SYSCALL_PROTO(umask, "int mask")
SYSCALL_PROTO(umount, "char *name, int flags")
SYSCALL_PROTO(uname, "struct old_utsname *name")
SYSCALL_PROTO(unlink, "const char *pathname")
SYSCALL_PROTO(unlinkat, "int dfd, const char *pathname, int flag")
SYSCALL_PROTO(unshare, "unsigned long unshare_flags")
SYSCALL_PROTO(uprobe, "")
SYSCALL_PROTO(uretprobe, "")
SYSCALL_PROTO(uselib, "const char *library")
SYSCALL_PROTO(userfaultfd, "int flags")
SYSCALL_PROTO(ustat, "unsigned dev, struct ustat *ubuf")
SYSCALL_PROTO(utime, "char *filename, struct utimbuf *times")
SYSCALL_PROTO(utime32, "const char *filename, struct old_utimbuf32 *t")
SYSCALL_PROTO(utimensat, "int dfd, const char *filename, struct timespec *utimes, int flags")
SYSCALL_PROTO(utimensat_time32, "unsigned int dfd, const char *filename, struct old_timespec32 *t, int flags")
SYSCALL_PROTO(utimes, "char *filename, struct timeval *utimes")
SYSCALL_PROTO(utimes_time32, "const char *filename, struct old_timeval32 *t")
SYSCALL_PROTO(vfork, "")
SYSCALL_PROTO(vhangup, "")
SYSCALL_PROTO(vmsplice, "int fd, const struct iovec *uiov, unsigned long nr_segs, unsigned int flags")
SYSCALL_PROTO(wait4, "pid_t upid, int *stat_addr, int options, struct rusage *ru")
SYSCALL_PROTO(waitid, "int which, pid_t upid, struct siginfo *infop, int options, struct rusage *ru")
SYSCALL_PROTO(waitpid, "pid_t pid, int *stat_addr, int options")
SYSCALL_PROTO(write, "unsigned int fd, const char *buf, size_t count")
SYSCALL_PROTO(writev, "unsigned long fd, const struct iovec *vec, unsigned long vlen")
