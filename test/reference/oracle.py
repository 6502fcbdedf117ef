"""Makes rows of data/oracle.csv: exact peak bytes of one real PyTorch training loop under fake tensors.

  pip install torch transformers            (5.7 GB; no GPU needed)
  oracle.py TASKS.json OUT.csv SECONDS      resumes OUT.csv; stops after 40 rows or SECONDS (memory grows: run it in a loop)
TASKS.json: [[id, family, layers, precision, method, adapter_precision, lora_dropout, optimizer, batch, seq, checkpointing, attention], …]
with family a key of FAM below or of test/data/oracle/*rchitectures.json; see test/data/oracle/README.md for the values.
"""
import torch, sys, json, csv, glob, os, warnings, logging, time, contextlib
warnings.filterwarnings('ignore'); logging.disable(logging.WARNING)
torch.set_num_threads(1)
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.distributed._tools.mem_tracker import MemTracker
from transformers import AutoModelForCausalLM
import transformers as T
FAM={ # real architecture shapes, fewer layers
 'tinyllama-1.1b':(T.LlamaConfig,dict(hidden_size=2048,intermediate_size=5632,num_attention_heads=32,num_key_value_heads=4,vocab_size=32000)),
 'llama-7b':(T.LlamaConfig,dict(hidden_size=4096,intermediate_size=11008,num_attention_heads=32,num_key_value_heads=32,vocab_size=32000)),
 'llama-3.1-8b':(T.LlamaConfig,dict(hidden_size=4096,intermediate_size=14336,num_attention_heads=32,num_key_value_heads=8,vocab_size=128256)),
 'llama-3.2-1b':(T.LlamaConfig,dict(hidden_size=2048,intermediate_size=8192,num_attention_heads=32,num_key_value_heads=8,vocab_size=128256,tie_word_embeddings=True,head_dim=64)),
 'mistral-7b':(T.MistralConfig,dict(hidden_size=4096,intermediate_size=14336,num_attention_heads=32,num_key_value_heads=8,vocab_size=32000,sliding_window=None)),
 'qwen2.5-0.5b':(T.Qwen2Config,dict(hidden_size=896,intermediate_size=4864,num_attention_heads=14,num_key_value_heads=2,vocab_size=151936,tie_word_embeddings=True)),
 'qwen2.5-7b':(T.Qwen2Config,dict(hidden_size=3584,intermediate_size=18944,num_attention_heads=28,num_key_value_heads=4,vocab_size=152064)),
 'qwen3-4b':(T.Qwen3Config,dict(hidden_size=2560,intermediate_size=9728,num_attention_heads=32,num_key_value_heads=8,head_dim=128,vocab_size=151936,tie_word_embeddings=True)),
 'gemma-2b':(T.GemmaConfig,dict(hidden_size=2048,intermediate_size=16384,num_attention_heads=8,num_key_value_heads=1,head_dim=256,vocab_size=256000)),
 'gpt2':(T.GPT2Config,dict(n_embd=768,n_head=12,vocab_size=50257)),
 'gpt2-xl':(T.GPT2Config,dict(n_embd=1600,n_head=25,vocab_size=50257)),
 'pythia-1.4b':(T.GPTNeoXConfig,dict(hidden_size=2048,intermediate_size=8192,num_attention_heads=16,vocab_size=50304)),
}
FAM={k:(*v,'clm') for k,v in FAM.items()}
FAM.update({
 'bert-large':(T.BertConfig,dict(hidden_size=1024,intermediate_size=4096,num_attention_heads=16,vocab_size=30522),'mlm'),
 't5-base':(T.T5Config,dict(d_model=768,d_ff=3072,d_kv=64,num_heads=12,vocab_size=32128,decoder_start_token_id=0,pad_token_id=0),'s2s'),
 'falcon-7b':(T.FalconConfig,dict(hidden_size=4544,num_attention_heads=71,vocab_size=65024,new_decoder_architecture=False,multi_query=True,parallel_attn=True,bias=False),'clm'),
 'gemma-2-2b':(T.Gemma2Config,dict(hidden_size=2304,intermediate_size=9216,num_attention_heads=8,num_key_value_heads=4,head_dim=256,vocab_size=256000),'clm'),
 'gemma-3-1b':(T.Gemma3TextConfig,dict(hidden_size=1152,intermediate_size=6912,num_attention_heads=4,num_key_value_heads=1,head_dim=256,vocab_size=262144),'clm'),
 'phi-2':(T.PhiConfig,dict(hidden_size=2560,intermediate_size=10240,num_attention_heads=32,vocab_size=51200),'clm'),
})

FAM.update({
 'phi-3-mini':(T.Phi3Config,dict(hidden_size=3072,intermediate_size=8192,num_attention_heads=32,num_key_value_heads=32,vocab_size=32064,pad_token_id=0,resid_pdrop=0.0,embd_pdrop=0.0),'clm'),
 'olmo-2-1b':(T.Olmo2Config,dict(hidden_size=2048,intermediate_size=8192,num_attention_heads=16,num_key_value_heads=16,vocab_size=100352),'clm'),
 'starcoder2-3b':(T.Starcoder2Config,dict(hidden_size=3072,intermediate_size=12288,num_attention_heads=24,num_key_value_heads=2,vocab_size=49152,sliding_window=None),'clm'),
 'stablelm-2-1.6b':(T.StableLmConfig,dict(hidden_size=2048,intermediate_size=5632,num_attention_heads=32,num_key_value_heads=32,vocab_size=100352,use_qkv_bias=True),'clm'),
 'opt-1.3b':(T.OPTConfig,dict(hidden_size=2048,ffn_dim=8192,num_attention_heads=32,vocab_size=50272,word_embed_proj_dim=2048),'clm'),
 'roberta-base':(T.RobertaConfig,dict(hidden_size=768,intermediate_size=3072,num_attention_heads=12,vocab_size=50265),'mlm'),
 'bloom-560m':(T.BloomConfig,dict(hidden_size=1024,n_head=16,vocab_size=250880),'clm'),
 'granite-2b':(T.GraniteConfig,dict(hidden_size=2048,intermediate_size=8192,num_attention_heads=32,num_key_value_heads=8,vocab_size=49152,tie_word_embeddings=True),'clm'),
 'mixtral-small':(T.MixtralConfig,dict(hidden_size=1024,intermediate_size=3584,num_attention_heads=16,num_key_value_heads=4,vocab_size=32000,num_local_experts=8,num_experts_per_tok=2,sliding_window=None),'clm'),
 'qwen1.5-moe':(T.Qwen2MoeConfig,dict(hidden_size=2048,intermediate_size=5632,num_attention_heads=16,num_key_value_heads=16,vocab_size=151936,moe_intermediate_size=1408,shared_expert_intermediate_size=5632,num_experts=60,num_experts_per_tok=4),'clm'),
 'smollm3-3b':(T.SmolLM3Config,dict(hidden_size=2048,intermediate_size=11008,num_attention_heads=16,num_key_value_heads=4,vocab_size=128256,tie_word_embeddings=True,pad_token_id=0),'clm'),
 'cohere-r7b':(T.CohereConfig,dict(hidden_size=4096,intermediate_size=14336,num_attention_heads=32,num_key_value_heads=8,vocab_size=64000),'clm'),
 'glm4-9b':(T.GlmConfig,dict(hidden_size=4096,intermediate_size=13696,num_attention_heads=32,num_key_value_heads=2,head_dim=128,vocab_size=151552,pad_token_id=0),'clm'),
})

# Families beside these, by the fields of their config.json: `_task` as above, `_layers_field` where the
# depth is not num_hidden_layers.
for _file in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)),'../data/oracle/*rchitectures.json'))):
    for _name,_config in json.load(open(_file)).items():
        if _name not in FAM: FAM[_name]=(None,_config,_config.get('_task','clm'))

import torch.nn.functional as F, transformers.masking_utils as mu
# As with real tensors: nothing is packed, so no 4-D mask and no repeated K/V (fake tensors would take the tracing path).
mu.find_packed_sequence_indices = lambda p: None
mu.is_tracing = lambda *a, **k: False
# As on CUDA: fused attention keeps a seed for dropout, not a mask; a dropout mask is one byte an element.
_sdpa = F.scaled_dot_product_attention
def _fused(q,k,v,attn_mask=None,dropout_p=0.0,is_causal=False,scale=None,enable_gqa=False):
    return _sdpa(q,k,v,attn_mask,0.0,is_causal,scale=scale,enable_gqa=enable_gqa)
F.scaled_dot_product_attention = _fused
F.dropout = lambda x,p=.5,training=True,inplace=False: torch.native_dropout(x,p,True)[0] if training and p>0 else x
def make(fam,layers):
    C,k,task=FAM[fam]; k=dict(k)
    if C is None:
        fields=k.pop('_layers_field',['num_layers','num_decoder_layers'] if task=='s2s' else 'num_hidden_layers')
        k={n:v for n,v in k.items() if not n.startswith('_')}
        k.update({n:layers for n in ([fields] if isinstance(fields,str) else fields)})
        if k['model_type']=='gpt_neo': k['attention_types']=[[['global','local'],layers//2]]
        ids={'pad_token_id':0} if k.get('vocab_size',0) else {}
        if task=='s2s': ids['decoder_start_token_id']=0
        return T.AutoConfig.for_model(**{**ids,**k})
    if C is T.GPT2Config: return C(n_positions=4096,n_layer=layers,**k)
    k['num_layers' if C is T.T5Config else 'num_hidden_layers']=layers
    if C is T.T5Config: k['num_decoder_layers']=layers
    elif C in (T.BertConfig,T.RobertaConfig): k['max_position_embeddings']=2050
    else: k['max_position_embeddings']=4096
    return C(**k)
_orig=torch.Tensor.register_hook
class _NoHandle:
    def remove(s): pass
torch.Tensor.register_hook=lambda t,h:_orig(t,h) if t.requires_grad else _NoHandle()
_orig2=torch.Tensor.register_post_accumulate_grad_hook
torch.Tensor.register_post_accumulate_grad_hook=lambda t,h:_orig2(t,h) if t.requires_grad else _NoHandle()

class Lora(torch.nn.Module):
    # the forward of PEFT's lora.Linear: base(x) + B(A(dropout(x in the adapter's type))) * scaling, back in the base's type
    def __init__(s,base,i,o,r,dt,p):
        super().__init__(); s.base_layer=base; s.lora_A=torch.nn.Linear(i,r,bias=False,dtype=dt); s.lora_B=torch.nn.Linear(r,o,bias=False,dtype=dt); s.drop=torch.nn.Dropout(p) if p else torch.nn.Identity()
    @property
    def weight(s): return s.base_layer.weight
    def forward(s,x):
        y=s.base_layer(x); t=y.dtype; x=x.to(s.lora_A.weight.dtype); return (y+s.lora_B(s.lora_A(s.drop(x)))*2.0).to(t)
def lora(m,r,dt,p):
    from transformers.pytorch_utils import Conv1D
    for q in m.parameters(): q.requires_grad_(False)
    head=m.get_output_embeddings()
    for name,mod in list(m.named_modules()):
        for k,c in list(mod.named_children()):
            if c is head or isinstance(mod,Lora): continue
            if isinstance(c,torch.nn.Linear): setattr(mod,k,Lora(c,c.in_features,c.out_features,r,dt,p))
            elif isinstance(c,Conv1D): setattr(mod,k,Lora(c,c.weight.shape[0],c.weight.shape[1],r,dt,p))
def run(fam,layers,precision,method,adapter,drop,opt,batch,seq,ckpt,attn):
    cfg=make(fam,layers); cfg.use_cache=False
    dt={'fp32':torch.float32,'amp-bf16':torch.float32,'bf16':torch.bfloat16}[precision]
    with FakeTensorMode(allow_non_fake_inputs=True):
        m={'clm':AutoModelForCausalLM,'mlm':T.AutoModelForMaskedLM,'s2s':T.AutoModelForSeq2SeqLM}[FAM[fam][2]].from_config(cfg,attn_implementation=attn,dtype=dt); assert next(m.parameters()).dtype==dt; n=sum(p.numel() for p in m.parameters())
        if method.startswith('lora'):
            r=int(method[4:]); lora(m,r,torch.float32 if adapter=='fp32' else dt,float(drop))
        m.train()
        if ckpt:
            m.gradient_checkpointing_enable(gradient_checkpointing_kwargs=dict(use_reentrant=False))
            if method!='full': m.enable_input_require_grads()
        P=[p for p in m.parameters() if p.requires_grad]; tr=sum(p.numel() for p in P)
        if opt=='adamw-fused': O=torch.optim.AdamW(P,lr=1e-4,fused=True)
        elif opt=='adamw-foreach': O=torch.optim.AdamW(P,lr=1e-4,foreach=True)
        elif opt=='sgd': O=torch.optim.SGD(P,lr=1e-4,fused=True)
        elif opt=='momentum': O=torch.optim.SGD(P,lr=1e-4,momentum=.9,fused=True)
        elif opt=='adafactor': O=torch.optim.Adafactor(P,lr=1e-4,foreach=False)
        ids=torch.randint(0,cfg.vocab_size,(batch,seq)); mt=MemTracker(); mt.track_external(m,O,ids)
        with mt:
            for it in range(2):
                if it: mt.reset_mod_stats()
                with (torch.autocast('cpu',dtype=torch.bfloat16) if precision.startswith('amp') else contextlib.nullcontext()):
                    loss=m(input_ids=ids,labels=ids).loss
                loss.backward(); del loss
                pre=mt.get_tracker_snapshot('peak'); O.step(); O.zero_grad()
        def flat(s):
            s=list(s.values())[0]; return {getattr(k,'name',str(k)):v for k,v in s.items()}
        return n,tr,flat(pre),flat(mt.get_tracker_snapshot('peak'))

COLS=['PARAM','BUFFER','GRAD','ACT','TEMP','OPT','OTH','Total']
HEAD=['id','family','layers','precision','method','adapter_precision','lora_dropout','optimizer','batch','seq','checkpointing','attention','params','trainable']+['peak_'+c.lower() for c in COLS]
if __name__=='__main__':
    tasks,out,limit=sys.argv[1:4]; t0=time.time(); done=set()
    if os.path.exists(out): done={r['id'] for r in csv.DictReader(open(out))}
    new=not os.path.exists(out); f=open(out,'a',newline=''); w=csv.writer(f)
    if new: w.writerow(HEAD)
    n=0
    for t in json.load(open(tasks)):
        if t[0] in done: continue
        if time.time()-t0>float(limit) or n>=40: break
        n+=1
        try: p,tr,pre,peak=run(*t[1:])
        except Exception as e: print('ERR',t,repr(e)[:200],flush=True); w.writerow(t+['']*10); f.flush(); continue
        w.writerow(t+[p,tr]+[peak.get(c,0) for c in COLS]); f.flush()
    open(out+'.n','w').write(str(n))
