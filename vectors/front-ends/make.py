"""Writes pictures.json and sounds.json beside it, with Pillow and NumPy."""
import base64, io, json
from math import ceil
from pathlib import Path
import numpy as np, PIL
from PIL import Image
here=Path(__file__).parent
def write(name,value):
    (here/name).write_text(json.dumps(value,indent=1,ensure_ascii=False)+'\n')
b64=lambda a: base64.b64encode(bytes(a)).decode()
def picture(w,h,c=3):
    y,x,k=np.mgrid[0:h,0:w,0:c]
    return ((x*37+y*59+k*83+(x*y)%17*11) % 256).astype(np.uint8)
src=picture(13,9)
out={'pillow':PIL.__version__,'numpy':np.__version__,'source':{'width':13,'height':9,'rgb':b64(src.tobytes())}}
im=Image.fromarray(src)
out['resized']=[{'filter':f,'width':w,'height':h,'rgb':b64(im.resize((w,h),resample=f).tobytes())} for f in range(6) for w,h in [(7,5),(20,16),(13,4),(3,9)]]
# files
files=[]
def add(name,img,fmt='PNG',**k):
    b=io.BytesIO(); img.save(b,fmt,**k)
    again=Image.open(io.BytesIO(b.getvalue()))
    files.append({'name':name,'mode':again.mode,'file':b64(b.getvalue()),'width':again.width,'height':again.height,'rgb':b64(again.convert('RGB').tobytes())})
add('RGB',im)
add('RGBA',Image.fromarray(picture(7,5,4),'RGBA'))
add('grey',Image.fromarray(picture(7,5,1)[...,0],'L'))
add('grey and alpha',Image.fromarray(picture(7,5,2),'LA'))
add('palette',im.convert('P',palette=Image.ADAPTIVE,colors=5))
p=im.convert('P',palette=Image.ADAPTIVE,colors=5); add('palette with a transparent colour',p,transparency=1)
add('one bit',Image.fromarray(picture(11,5,1)[...,0],'L').convert('1'))
smooth=np.stack([np.add.outer(np.arange(24)*6,np.arange(24)*4)]*3,-1)
smooth[...,1]=255-smooth[...,1]; smooth[...,2]//=2
big=Image.fromarray(smooth.clip(0,255).astype(np.uint8))
add('JPEG',big,'JPEG',quality=95,subsampling=0)
add('JPEG of fewer colours than greys',big,'JPEG',quality=90,subsampling=2)
add('progressive JPEG',big,'JPEG',quality=95,subsampling=0,progressive=True)
add('JPEG of greys',big.convert('L'),'JPEG',quality=95)
out['files']=files
# crops: as image_transforms.center_crop of transformers does with numpy
def center_crop(image,h,w):
    oh,ow=image.shape[:2]; top=(oh-h)//2; left=(ow-w)//2; bottom=top+h; right=left+w
    if top>=0 and bottom<=oh and left>=0 and right<=ow: return image[top:bottom,left:right]
    nh,nw=max(h,oh),max(w,ow); new=np.zeros((nh,nw,3),image.dtype)
    tp=ceil((nh-oh)/2); lp=ceil((nw-ow)/2); new[tp:tp+oh,lp:lp+ow]=image
    top+=tp;bottom+=tp;left+=lp;right+=lp
    return new[max(0,top):min(nh,bottom),max(0,left):min(nw,right)]
out['cropped']=[{'width':w,'height':h,'rgb':b64(center_crop(src,h,w).tobytes())} for w,h in [(8,4),(7,5),(15,4),(6,12),(16,12),(13,10)]]
# whole processors
def pre(shortest,crop,f):
    w,h=im.size; s,l=(w,h) if w<=h else (h,w); ns,nl=shortest,int(shortest*l/s)
    nw,nh=(ns,nl) if w<=h else (nl,ns)
    return center_crop(np.array(im.resize((nw,nh),resample=f)),crop,crop)
out['clip']={'shortest_edge':6,'crop':6,'rgb':b64(pre(6,6,3).tobytes())}
write('pictures.json',out)

# sounds
def mel_bank(bins,bands,rate):
    hz2mel=lambda f: 3*f/200 if f<1000 else 15+np.log(f/1000)*27/np.log(6.4)
    mels=np.linspace(0,hz2mel(8000.0),bands+2)
    freqs=np.where(mels>=15,1000*np.exp(np.log(6.4)/27*(mels-15)),200*mels/3)
    fft=np.linspace(0,rate//2,bins)
    d=np.diff(freqs); s=freqs[None]-fft[:,None]
    b=np.maximum(0,np.minimum(-s[:,:-2]/d[:-1],s[:,2:]/d[1:]))
    return b*(2/(freqs[2:]-freqs[:-2]))
def logmel(x,n_fft,hop,bands,rate):
    w=np.hanning(n_fft+1)[:-1]
    p=np.pad(x.astype(np.float32),n_fft//2,mode='reflect').astype(np.float64)
    n=1+(len(p)-n_fft)//hop
    s=np.stack([np.fft.rfft(p[i*hop:i*hop+n_fft]*w) for i in range(n)]).astype(np.complex64)
    m=np.maximum(1e-10,mel_bank(n_fft//2+1,bands,rate).T@(np.abs(s.T,dtype=np.float64)**2))
    l=np.log10(m)[:,:-1]; l=np.maximum(l,l.max()-8); return ((l+4)/4).astype(np.float32)
t=np.arange(4000)
x=np.zeros(16000,np.float32); x[:4000]=(0.4*np.sin(2*np.pi*440*t/16000)+0.2*np.sin(2*np.pi*(900+t*0.4)*t/16000)).astype(np.float32)
cases=[]
for n_fft,hop,bands in [(400,1000,80),(400,1600,128),(512,1600,40),(401,2000,20)]:
    f=logmel(x,n_fft,hop,bands,16000); cases.append({'n_fft':n_fft,'hop_length':hop,'feature_size':bands,'shape':list(f.shape),'features':b64(f.tobytes())})
write('sounds.json',{'numpy':np.__version__,'sound':'0.4 sin(2π 440 t) + 0.2 sin(2π (900 + 0.4 n) t), t = n / 16000, for n < 4000','cases':cases})
